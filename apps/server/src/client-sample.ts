import type { CodeSample, SampleCall } from '@casebook/rest'

/** Writes a call for the typed client. */
export function clientSample({ name, type, input, needsCredential }: SampleCall, url: string): CodeSample {
  const token = needsCredential ? `, token: process.env['CASEBOOK_TOKEN']` : ''
  const call = `client.${name}.${type === 'query' ? 'query' : 'mutate'}(${literal(input)})`
  const source = `import { createCasebookClient } from '@casebook/client'

const client = createCasebookClient({ url: '${url}'${token} })
console.log(await ${call})
`
  return { lang: 'TypeScript', label: 'TypeScript client', source }
}

/** Writes a JSON value as a TypeScript literal. */
function literal(value: unknown): string {
  if (value === undefined) return ''
  return JSON.stringify(value, null, 2).replaceAll(/^(\s*)"([A-Za-z_]\w*)":/gm, '$1$2:')
}
