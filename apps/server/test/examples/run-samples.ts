// Runs samples one after another in one process, each with a token of its account: `run-samples.ts <url> <files>`.
const [url = '', given = '[]'] = process.argv.slice(2)
const samples = JSON.parse(given) as { file: string; actor: string }[]

for (const { file, actor } of samples) {
  const answer = await fetch(`${url}/api/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: actor, password: `${actor}-of-casebook` }),
  })
  const { token } = (await answer.json()) as { token?: string }
  process.env['CASEBOOK_TOKEN'] = token ?? ''
  await import(file)
}
process.stdout.write(`${samples.length} samples ran\n`)
