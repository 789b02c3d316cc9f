import { startAnother } from './another-server.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

/** A credential as a request shows it. */
export type Credential = { readonly as: 'bearer' | 'cookie'; readonly text: string }

/** Two servers of one database. */
export type TwoServers = AsyncDisposable & {
  readonly server: TestServer
  readonly urls: readonly [string, string]
}

export async function startTwoServers(): Promise<TwoServers> {
  const server = await startTestServer()
  const other = await startAnother(server)
  return {
    server,
    urls: [server.url, other.url],
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

export function headersOf({ as, text }: Credential, cookieName = 'casebook_session'): Record<string, string> {
  return as === 'bearer' ? { authorization: `Bearer ${text}` } : { cookie: `${cookieName}=${text}` }
}

export type Called = { readonly credential?: Credential | undefined; readonly body?: unknown }

/** Calls by REST. */
export async function callRest(
  url: string,
  [method, path]: readonly [method: string, path: string],
  { credential, body }: Called = {},
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(credential === undefined ? {} : headersOf(credential)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) }
}

/** Calls by tRPC; the status is the one that HTTP tells of a single call. */
export async function callTrpc(
  url: string,
  [type, name]: readonly [type: 'query' | 'mutation', name: string],
  { credential, body = {} }: Called = {},
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const input = `?input=${encodeURIComponent(JSON.stringify(body))}`
  const response = await fetch(`${url}/trpc/${name}${type === 'query' ? input : ''}`, {
    method: type === 'query' ? 'GET' : 'POST',
    headers: {
      ...(credential === undefined ? {} : headersOf(credential)),
      ...(type === 'query' ? {} : { 'content-type': 'application/json' }),
    },
    body: type === 'query' ? null : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, json: await response.json() }
}

/** Shows a credential to each server over each transport; gives the different statuses of the answers. */
export async function statusesOf(urls: readonly string[], credential: Credential): Promise<number[]> {
  const answers = await Promise.all(
    urls.flatMap((url) => [
      callRest(url, ['GET', '/api/user/me'], { credential }),
      callTrpc(url, ['query', 'auth.me'], { credential }),
    ]),
  )
  return [...new Set(answers.map(({ status }) => status))].toSorted((a, b) => a - b)
}

/** The token of the session cookie that an answer sets; empty when it clears it, undefined when it sets none. */
export function cookieOf(headers: Headers): string | undefined {
  const [set] = headers.getSetCookie().filter((text) => /casebook_session=/.test(text))
  return set === undefined ? undefined : (/casebook_session=([^;]*)/.exec(set)?.[1] ?? '')
}

/** Logs in for a credential of a kind; a sample account's password is known by its name. */
export async function logIn(
  url: string,
  username: string,
  { as = 'bearer', password = `${username}-of-casebook` }: { as?: Credential['as']; password?: string } = {},
): Promise<Credential> {
  const path = as === 'bearer' ? '/api/user/login' : '/api/user/login_session'
  const { status, headers, json } = await callRest(url, ['POST', path], { body: { username, password } })
  const text = as === 'bearer' ? (json as { token?: string }).token : cookieOf(headers)
  if (text === undefined) throw new Error(`the login of ${username} answered ${status}`)
  return { as, text }
}

/** Makes an API key with a session. */
export async function makeKey(
  url: string,
  credential: Credential,
  bounds: object = { access: 'full' },
): Promise<Credential & { readonly id: string }> {
  const body = { name: 'made by a test', ...bounds }
  const { json } = await callRest(url, ['POST', '/api/user/keys'], { credential, body })
  const { id, key } = json as { id: string; key: string }
  return { as: 'bearer', text: key, id }
}
