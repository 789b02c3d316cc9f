-- Sends the requests of a file one after the other and begins again at its end; a line of it is method, path and
-- body, apart by tabs. Arguments: the file, and the place to begin at. Ends with one line of JSON.
local requests, place = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, body = line:match("^([^\t]+)\t([^\t]+)\t?(.*)$")
    local headers = wrk.headers
    if body == "" then
      body = nil
    else
      headers = { ["content-type"] = "application/json" }
      for name, value in pairs(wrk.headers) do headers[name] = value end
    end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
  place = tonumber(args[2])
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary)
  local failed = summary.errors
  io.write(string.format(
    '{"requests":%d,"micros":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
