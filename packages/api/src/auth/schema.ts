import { z } from 'zod'
import { Instant, lineSchema, SearchText } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { pageFields, pageOf } from '../paging.ts'
import { TypedCode } from './second-factor-schema.ts'

export const roles = ['reader', 'author', 'editor', 'clinician', 'admin'] as const

/** What an account may do; see the matrix in `docs/`. */
export const Role = z.enum(roles)
export type Role = z.output<typeof Role>

export const Username = z
  .string()
  .max(64)
  .trim()
  .min(1)
  .refine(
    (text) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._+-]*)$/u.test(text),
    'must begin with a letter or digit and hold only letters, digits and . _ + -',
  )
  .describe('Letters and digits of any script, and . _ + - after the first')

export const Email = z.email('must be an e-mail address').max(254).describe('E-mail address')

/** 8 to 256 characters, any of them (NIST SP 800-63B); guessable ones are refused by the service. */
export const NewPassword = z
  .string()
  .min(8, { error: 'must have at least 8 characters', abort: true })
  .max(256, 'must have at most 256 characters')
  .refine((text) => Array.from(text).length >= 8, 'must have at least 8 characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .describe('New password, of 8 to 256 characters')

/** A password as typed at a login: not judged here, so that every wrong one gets the same answer. */
const TypedPassword = z.string().max(1024).describe('Password of the account')

export const User = z
  .strictObject({
    id: idSchema('user'),
    username: z.string().max(64),
    email: z.string().max(254),
    role: Role,
    createdAt: Instant,
    disabledAt: Instant.nullable(),
  })
  .meta({ id: 'User' })
export type User = z.output<typeof User>

export const RegisterInput = z.strictObject({
  username: Username,
  email: Email,
  password: NewPassword,
  role: Role.default('reader').describe('`reader` or `author`; every other one needs an invitation'),
  invitation: z.string().min(1).max(128).optional().describe('The key of the invitation mail'),
})
export type RegisterInput = z.output<typeof RegisterInput>
export const Registered = z.strictObject({ user: User }).meta({ id: 'Registered' })
export type Registered = z.output<typeof Registered>

/** `username` may hold the e-mail address, too. */
export const LoginInput = z.strictObject({
  username: z.string().max(254).describe('User name or e-mail address'),
  password: TypedPassword,
  code: TypedCode.optional().describe(
    'Where the account has a second factor: a code of it, or a recovery code',
  ),
})
export type LoginInput = z.output<typeof LoginInput>

export const Login = z
  .strictObject({ token: z.string().max(128), expiresAt: Instant, user: User })
  .meta({ id: 'Login' })
export type Login = z.output<typeof Login>

export const SessionLogin = z.strictObject({ expiresAt: Instant, user: User }).meta({ id: 'SessionLogin' })
export type SessionLogin = z.output<typeof SessionLogin>

export const UpdateMeInput = z
  .strictObject({
    username: Username.optional(),
    email: Email.optional(),
    currentPassword: TypedPassword.optional().describe(
      'Needed for another address when the session is older than 15 minutes',
    ),
  })
  .refine(
    (input) => input.username !== undefined || input.email !== undefined,
    'must name at least one field to change',
  )
export type UpdateMeInput = z.output<typeof UpdateMeInput>

export const ResetRequestInput = z.strictObject({ email: Email })
export type ResetRequestInput = z.output<typeof ResetRequestInput>

export const ResetInput = z.strictObject({
  key: z.string().min(1).max(128).describe('The key of the reset mail'),
  password: NewPassword,
})
export type ResetInput = z.output<typeof ResetInput>

export const ChangePasswordInput = z.strictObject({
  currentPassword: TypedPassword.describe('Current password'),
  newPassword: NewPassword,
})
export type ChangePasswordInput = z.output<typeof ChangePasswordInput>

export const Session = z
  .strictObject({
    id: idSchema('session'),
    kind: z.enum(['bearer', 'cookie']),
    createdAt: Instant,
    lastUsedAt: Instant,
    expiresAt: Instant,
    address: z.string().max(64).nullable(),
    userAgent: z.string().max(256).nullable(),
    /** What the user agent says of itself, for people to read: `Firefox on Linux`. */
    device: z.string().max(100).nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'Session' })
export type Session = z.output<typeof Session>
export const SessionListInput = z.strictObject({ ...pageFields })
export type SessionListInput = z.output<typeof SessionListInput>
export const SessionPage = pageOf(Session)
export const SessionIdInput = z.strictObject({ id: addressSchema('session') })

export const UserListInput = z.strictObject({
  q: SearchText.optional().describe('Part of a user name or address'),
  role: Role.optional().describe('Role of the accounts'),
  disabled: z.boolean().optional().describe('Whether the accounts are disabled'),
  ...pageFields,
})
export type UserListInput = z.output<typeof UserListInput>
export const UserPage = pageOf(User)

export const UpdateUserInput = z
  .strictObject({
    id: addressSchema('user'),
    role: Role.optional().describe('What the account may do from now on'),
    disabled: z
      .boolean()
      .optional()
      .describe('`true` shuts the account and ends its sessions, `false` opens it'),
  })
  .refine((input) => input.role !== undefined || input.disabled !== undefined, 'must name role or disabled')
export type UpdateUserInput = z.output<typeof UpdateUserInput>

export const InviteInput = z.strictObject({
  email: Email,
  role: Role.describe('What the account will be allowed to do'),
})
export type InviteInput = z.output<typeof InviteInput>

/** An invitation; its token travels by mail only. */
export const Invitation = z
  .strictObject({
    id: idSchema('invitation'),
    email: z.string().max(254),
    role: Role,
    createdAt: Instant,
    expiresAt: Instant,
    usedAt: Instant.nullable(),
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.output<typeof Invitation>
export const InvitationIdInput = z.strictObject({ id: addressSchema('invitation') })

/** Name of a person as it is printed. */
export const PersonName = lineSchema(200)
