// What a caller of the REST endpoints does who has nothing but the document: types out of it, and openapi-fetch.
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema.d.ts'

type Json = 'application/json' | 'application/problem+json'
type Api = Client<paths, Json>
type MedicalRecord = components['schemas']['Record']

export type FlowOptions = {
  readonly url: string
  /** Gives the key out of the reset mail that came last to an address. */
  readonly resetKeyFor: (email: string) => Promise<string>
}

/** Registers, logs in, lists, pages, fetches, amends and resets; gives what it saw on the way. */
export async function runFlow({ url, resetKeyFor }: FlowOptions) {
  const anonymous = createClient<paths, Json>({ baseUrl: url })
  const account = { username: 'flora', email: 'flora@example.com', password: 'four quiet herons wade' }
  const registered = await anonymous.POST('/api/user/register', { body: { ...account, role: 'reader' } })
  const again = await anonymous.POST('/api/user/register', { body: { ...account, role: 'reader' } })
  const reader = await logIn(anonymous, { url, username: account.username, password: account.password })
  const me = await reader.GET('/api/user/me')
  const refused = await reader.GET('/records')

  const clinician = await logIn(anonymous, {
    url,
    username: 'clinician',
    password: 'clinician-of-casebook',
  })
  const books = await anonymous.GET('/api/books', { params: { query: { limit: 5 } } })
  const titles = await pageThrough(anonymous)
  const amended = await amendFirst(clinician)

  await anonymous.POST('/api/user/password_reset_request', { body: { email: account.email } })
  const key = await resetKeyFor(account.email)
  const password = 'nine tired otters swim'
  const reset = await anonymous.POST('/api/user/password_reset', {
    params: { query: { key } },
    body: { password },
  })
  const after = await reader.GET('/api/user/me')
  return {
    registered: registered.data?.user.username,
    again: again.error?.type.split('/').at(-1),
    me: me.data?.email,
    refused: refused.error?.code,
    page: books.data?.length,
    books: titles.length,
    different: new Set(titles).size,
    amended,
    reset: reset.response.status,
    after: after.error?.status,
  }
}

async function logIn(
  anonymous: Api,
  { url, ...body }: { url: string; username: string; password: string },
): Promise<Api> {
  const { data, error } = await anonymous.POST('/api/user/login', { body })
  if (data === undefined) throw new Error(error.detail ?? error.title)
  return createClient<paths, Json>({ baseUrl: url, headers: { authorization: `Bearer ${data.token}` } })
}

type Listed = { data?: { title: string }[]; response: Response }

async function pageThrough(client: Api): Promise<string[]> {
  const titles: string[] = []
  for (let cursor: string | null | undefined = undefined; cursor !== null;) {
    const { data, response }: Listed = await client.GET('/api/books', {
      params: { query: { limit: 10, sort: 'title', ...(cursor === undefined ? {} : { cursor }) } },
    })
    titles.push(...(data ?? []).map(({ title }) => title))
    const next: string | undefined = /<(.+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    cursor = next === undefined ? null : new URL(next).searchParams.get('cursor')
  }
  return titles
}

async function amendFirst(client: Api) {
  const { data: records } = await client.GET('/records', { params: { query: { limit: 1 } } })
  const id = records?.[0]?.id ?? ''
  const path = { id }
  const { data, response } = await client.GET('/records/{id}', { params: { path } })
  const record: MedicalRecord | undefined = Array.isArray(data) ? data[0] : data
  const ifMatch = { 'If-Match': response.headers.get('etag') ?? '' }
  const change = { params: { path, header: ifMatch }, body: { title: 'Said better' } }
  const done = await client.PATCH('/records/{id}', change)
  const stale = await client.PATCH('/records/{id}', change)
  const versions = await client.GET('/records/{id}/history', { params: { path } })
  return {
    before: record?.version,
    title: done.data?.title,
    status: done.data?.status,
    stale: stale.error?.status,
    versions: versions.data?.length,
  }
}
