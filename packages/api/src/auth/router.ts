import { Message, NoInput } from '../fields.ts'
import { anyObligation } from '../obligations.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { emailProcedures } from './email-procedures.ts'
import { exampleExpiry, exampleUser } from './examples.ts'
import {
  ChangePasswordInput,
  Login,
  LoginInput,
  Registered,
  RegisterInput,
  ResetInput,
  ResetRequestInput,
  SessionLogin,
  UpdateMeInput,
  User,
} from './schema.ts'
import { keysRouter } from './keys-router.ts'
import { sessionsRouter } from './sessions-router.ts'
import { totpRouter } from './totp-router.ts'
import { usersRouter } from './users-router.ts'

const tags = ['Accounts'] as const
const loginStatuses = {
  'wrong-credentials': 400,
  'second-factor-required': 400,
  'wrong-second-factor': 400,
  'second-factor-unavailable': 400,
} as const
const loginErrors = [
  'wrong-credentials',
  'too-many-requests',
  'second-factor-required',
  'wrong-second-factor',
  'second-factor-unavailable',
] as const
const credentials = { username: 'reader', password: 'reader-of-casebook' }

export const authRouter = router({
  register: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Register an account',
      description:
        'Anybody may register as `reader` or `author`; every other role needs the invitation of an admin.',
      tags,
      errors: [
        'username-taken',
        'email-taken',
        'password-refused',
        'role-needs-invitation',
        'invalid-invitation',
        'idempotency-mismatch',
        'too-many-requests',
      ],
      examples: [
        {
          summary: 'A reader',
          input: { username: 'nadia', email: 'nadia@casebook.example', password: 'four quiet herons wade' },
          output: { user: { ...exampleUser, username: 'nadia', email: 'nadia@casebook.example' } },
        },
      ],
      rest: {
        method: 'POST',
        path: '/api/user/register',
        status: 201,
        location: '/api/user/me',
        statuses: { 'username-taken': 400, 'email-taken': 400 },
      },
    })
    .input(RegisterInput)
    .output(returns(Registered))
    .mutation(({ ctx, input }) => ctx.auth.register(input)),

  login: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Log in for a bearer token',
      description:
        'The answer is the same for an unknown user, a wrong password, a disabled and a locked account. Failures are limited; a login that succeeds does not count.',
      tags,
      errors: loginErrors,
      examples: [
        {
          summary: 'The sample reader',
          input: credentials,
          output: { token: 'q1W…', expiresAt: exampleExpiry, user: exampleUser },
        },
      ],
      rest: { method: 'POST', path: '/api/user/login', statuses: loginStatuses },
    })
    .input(LoginInput)
    .output(returns(Login))
    .mutation(({ ctx, input }) => ctx.auth.login(input)),

  loginSession: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Log in with a session cookie',
      description: 'Sets the session cookie; its token is in no body.',
      setsCookie: true,
      tags,
      errors: loginErrors,
      examples: [
        {
          summary: 'The sample reader',
          input: credentials,
          output: { expiresAt: exampleExpiry, user: exampleUser },
        },
      ],
      rest: { method: 'POST', path: '/api/user/login_session', statuses: loginStatuses },
    })
    .input(LoginInput)
    .output(returns(SessionLogin))
    .mutation(({ ctx, input }) => ctx.auth.loginSession(input, ctx.cookie)),

  logout: procedure
    .meta({
      access: 'public',
      despite: anyObligation,
      keys: 'refused',
      summary: 'End the session that the call is made with',
      description:
        'Works with a token and with a cookie, which is taken away; without a live session it fails.',
      tags,
      errors: ['no-session'],
      examples: [{ summary: 'Log out', output: { message: 'You are logged out.' } }],
      rest: { method: 'POST', path: '/api/user/logout_session', statuses: { 'no-session': 400 } },
    })
    .input(NoInput)
    .output(returns(Message))
    .mutation(({ ctx }) => ctx.auth.logout(ctx.cookie)),

  me: procedure
    .meta({
      access: 'user',
      despite: anyObligation,
      keys: 'always',
      summary: 'Show your account',
      description: 'The account that the token, cookie or API key belongs to.',
      tags,
      examples: [{ summary: 'The sample reader', output: exampleUser }],
      rest: { method: 'GET', path: '/api/user/me' },
    })
    .input(NoInput)
    .output(returns(User))
    .query(({ ctx }) => ctx.auth.me()),

  updateMe: procedure
    .meta({
      access: 'user',
      despite: ['email-not-verified'],
      keys: 'refused',
      summary: 'Change your user name or address',
      description:
        'Fields that are not named stay. Both must be free, whatever their case. Another address wants a session that began within 15 minutes, or the current password.',
      tags,
      errors: [
        'username-taken',
        'email-taken',
        'stale',
        'too-many-requests',
        'wrong-password',
        'reauthentication-required',
      ],
      examples: [
        {
          summary: 'Another address',
          input: { email: 'reader@casebook.example', currentPassword: 'reader-of-casebook' },
          output: exampleUser,
        },
      ],
      rest: { method: 'PATCH', path: '/api/user/me' },
    })
    .input(UpdateMeInput)
    .output(returns(User))
    .mutation(({ ctx, input }) => ctx.auth.updateMe(input)),

  requestPasswordReset: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Request a mail with a password reset link',
      description:
        'The answer is the same for a known and an unknown address; the key travels by mail only. An account gets three mails an hour at most.',
      tags,
      errors: ['too-many-requests'],
      examples: [
        {
          summary: 'The sample reader',
          input: { email: 'reader@casebook.example' },
          output: { message: 'If the address belongs to an account, a mail is on its way.' },
        },
      ],
      rest: { method: 'POST', path: '/api/user/password_reset_request' },
    })
    .input(ResetRequestInput)
    .output(returns(Message))
    .mutation(({ ctx, input }) => ctx.auth.requestPasswordReset(input)),

  resetPassword: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Set a new password with the key of the reset mail',
      description:
        'The key works once and for 30 minutes; a refused password does not use it up. Ends all sessions.',
      tags,
      errors: ['invalid-reset-key', 'password-refused', 'too-many-requests'],
      examples: [
        {
          summary: 'The key out of the mail',
          input: { key: 'Zk3…', password: 'four quiet herons wade' },
          output: { message: 'The password is changed. Log in with it.' },
        },
      ],
      rest: { method: 'POST', path: '/api/user/password_reset', input: { query: ['key'] } },
    })
    .input(ResetInput)
    .output(returns(Message))
    .mutation(({ ctx, input }) => ctx.auth.resetPassword(input)),

  changePassword: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'Change your password',
      description: 'Needs the current password, and ends every other session of the account.',
      tags,
      errors: ['wrong-password', 'password-refused', 'too-many-requests'],
      examples: [
        {
          summary: 'A new password',
          input: { currentPassword: 'reader-of-casebook', newPassword: 'four quiet herons wade' },
          output: { message: 'The password is changed.' },
        },
      ],
      rest: { method: 'POST', path: '/api/user/password' },
    })
    .input(ChangePasswordInput)
    .output(returns(Message))
    .mutation(({ ctx, input }) => ctx.auth.changePassword(input)),

  ...emailProcedures,

  totp: totpRouter,
  sessions: sessionsRouter,
  keys: keysRouter,
  users: usersRouter,
})
