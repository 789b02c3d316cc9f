import { createCasebookClient, type CasebookError } from '@casebook/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const problemOf = (call: Promise<unknown>) =>
  call.then(
    () => ({ reason: 'done', message: '' }),
    ({ reason, message }: CasebookError) => ({ reason, message }),
  )
const emailOf = (username: string) => `${username}@example.com`

/** Registers an account with an address that nobody has verified, and gives its client. */
async function register(username: string) {
  const password = 'four quiet herons wade'
  await server.client().auth.register.mutate({ username, email: emailOf(username), password })
  const { token, user } = await server.client().auth.login.mutate({ username, password })
  return { id: user.id, client: createCasebookClient({ url: server.url, retries: 0, token }) }
}

/** Makes a patient with a record, and gives the id and the way to link an account to it. */
async function makePatient() {
  const { records } = server.client('clinician')
  const { id } = await records.patients.create.mutate({
    givenName: 'Ines',
    familyName: 'Waldgrave',
    birthDate: '1980-02-03',
    sex: 'female',
  })
  await records.create.mutate({ patientId: id, date: '2024-01-02', kind: 'note', title: 'Seen' })
  return { id, link: (username: string) => records.patients.linkAccount.mutate({ id, username }) }
}

describe('security 18: an account that is linked to a patient', () => {
  test('is named by its address once that is verified, since anybody may register with one', async () => {
    const patient = await makePatient()
    const { client } = await register('sneak')
    const refused = await problemOf(patient.link(emailOf('sneak')))
    expect(refused).toEqual({ reason: 'not-found', message: expect.stringContaining('verified') })
    expect(refused).toEqual(await problemOf(patient.link(emailOf('nobody'))))
    expect(await problemOf(client.records.list.query({}))).toMatchObject({ reason: 'not-allowed' })

    const key = await server.verificationKeyFor(emailOf('sneak'))
    await server.request('POST', `/api/user/email_verification?key=${key}`)
    expect((await patient.link(emailOf('sneak').toUpperCase())).account.username).toBe('sneak')
    expect((await client.records.list.query({})).items).toHaveLength(1)
  })

  test('is named by an address no longer when it was changed to one that is not verified', async () => {
    const patient = await makePatient()
    const { client } = await register('mover')
    const key = await server.verificationKeyFor(emailOf('mover'))
    await server.request('POST', `/api/user/email_verification?key=${key}`)
    await client.auth.updateMe.mutate({ email: 'moved@example.com' })
    expect(await problemOf(patient.link('moved@example.com'))).toMatchObject({ reason: 'not-found' })
    expect((await patient.link('mover')).account.username).toBe('mover')
  })

  test('and the one that it replaces stand in the trail', async () => {
    const patient = await makePatient()
    const first = await register('first')
    const second = await register('second')
    for (const name of ['first', 'first', 'second']) await patient.link(name)
    const action = 'records.patients.linkAccount'
    const { items } = await server.client('admin').audit.list.query({ action, patientId: patient.id })
    expect(items.map(({ detail }) => detail)).toEqual([
      `${second.id} instead of ${first.id}`,
      first.id,
      first.id,
    ])
    expect(await problemOf(first.client.records.list.query({}))).toMatchObject({ reason: 'not-allowed' })
  })
})
