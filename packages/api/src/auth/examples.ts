import { idSchema } from '../ids.ts'
import type { ApiKey } from './key-schema.ts'
import type { Invitation, Session, User } from './schema.ts'

/** The account that examples are about: the sample account `reader`. */
export const exampleUser: User = {
  id: idSchema('user').parse('user_01jd3xq5e0f2q8n4v6z8a1b3c5'),
  username: 'reader',
  email: 'reader@casebook.example',
  role: 'reader',
  createdAt: '2026-01-05T09:00:00.000Z',
  disabledAt: null,
}

export const exampleExpiry = '2026-01-05T21:00:00.000Z'

export const exampleSession: Session = {
  id: idSchema('session').parse('session_01jd3xq5e0f2q8n4v6z8a1b3c6'),
  kind: 'bearer',
  createdAt: '2026-01-05T09:00:00.000Z',
  lastUsedAt: '2026-01-05T09:30:00.000Z',
  expiresAt: exampleExpiry,
  address: '127.0.0.1',
  userAgent: 'casebook-cli/0.1.0',
  device: 'casebook-cli 0.1.0',
  current: true,
}

export const exampleKey: ApiKey = {
  id: idSchema('key').parse('key_01jd3xq5e0f2q8n4v6z8a1b3c8'),
  name: 'nightly export',
  start: 'casebook_4fQz',
  access: 'read',
  domains: ['books'],
  createdAt: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-04-05T09:00:00.000Z',
  lastUsedAt: '2026-01-06T02:00:00.000Z',
}

/** A key of an account that an admin looks after. */
export const exampleOtherKey: ApiKey = {
  ...exampleKey,
  id: idSchema('key').parse('key_01jd3xq5e0f2q8n4v6z8a1b3c9'),
}

export const exampleInvitation: Invitation = {
  id: idSchema('invitation').parse('invitation_01jd3xq5e0f2q8n4v6z8a1b3c7'),
  email: 'clara@casebook.example',
  role: 'clinician',
  createdAt: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-01-12T09:00:00.000Z',
  usedAt: null,
}
