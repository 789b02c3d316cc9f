import { Message, NoInput, Nothing } from '../fields.ts'
import { anyObligation } from '../obligations.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { exampleSession } from './examples.ts'
import { SessionIdInput, SessionListInput, SessionPage } from './schema.ts'

const tags = ['Sessions'] as const

export const sessionsRouter = router({
  list: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'List your live sessions',
      description: 'Both kinds, bearer tokens and cookies, latest first; `current` is the one of this call.',
      tags,
      errors: ['invalid-cursor'],
      examples: [{ summary: 'All', input: {}, output: { items: [exampleSession], nextCursor: null } }],
      rest: { method: 'GET', path: '/api/user/sessions', list: {} },
    })
    .input(SessionListInput)
    .output(returns(SessionPage))
    .query(({ ctx, input }) => ctx.auth.listSessions(input)),

  revoke: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'End one of your sessions',
      description: 'Its token or cookie is refused from then on, in every process.',
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleSession.id }, output: null }],
      rest: { method: 'DELETE', path: '/api/user/sessions/{id}' },
    })
    .input(SessionIdInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.auth.revokeSession(input.id)),

  revokeOthers: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'End all your sessions but this one',
      description: 'Both kinds; the one that the call is made with goes on.',
      tags,
      examples: [{ summary: 'Everywhere else', output: { message: 'All 2 other sessions are ended.' } }],
      rest: { method: 'POST', path: '/api/user/logout_others' },
    })
    .input(NoInput)
    .output(returns(Message))
    .mutation(({ ctx }) => ctx.auth.revokeOtherSessions()),

  revokeAll: procedure
    .meta({
      access: 'user',
      despite: anyObligation,
      keys: 'refused',
      summary: 'End all your sessions',
      description: 'Both kinds, with the one that the call is made with.',
      tags,
      examples: [{ summary: 'Everywhere', output: { message: 'All 3 sessions are ended.' } }],
      rest: { method: 'POST', path: '/api/user/logout' },
    })
    .input(NoInput)
    .output(returns(Message))
    .mutation(({ ctx }) => ctx.auth.revokeAllSessions(ctx.cookie)),
})
