import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { exampleInvitation, exampleUser } from './examples.ts'
import { userKeysRouter } from './keys-router.ts'
import {
  Invitation,
  InvitationIdInput,
  InviteInput,
  UpdateUserInput,
  User,
  UserListInput,
  UserPage,
} from './schema.ts'

const tags = ['Users'] as const

export const usersRouter = router({
  list: procedure
    .meta({
      access: ['admin'],
      summary: 'Find accounts',
      description: '`q` is looked for in user names and addresses.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        { summary: 'Readers', input: { role: 'reader' }, output: { items: [exampleUser], nextCursor: null } },
      ],
      rest: { method: 'GET', path: '/api/users', list: {} },
    })
    .input(UserListInput)
    .output(returns(UserPage))
    .query(({ ctx, input }) => ctx.auth.listUsers(input)),

  update: procedure
    .meta({
      access: ['admin'],
      keys: 'refused',
      summary: 'Change the role of an account, disable or enable it',
      description:
        'Takes effect with the next request of the account; disabling ends its sessions and revokes its API keys.',
      tags,
      errors: ['not-found', 'last-admin', 'stale'],
      examples: [
        {
          summary: 'Make a reader an author',
          input: { id: exampleUser.id, role: 'author' },
          output: { ...exampleUser, role: 'author' },
        },
      ],
      rest: { method: 'PATCH', path: '/api/users/{id}' },
    })
    .input(UpdateUserInput)
    .output(returns(User))
    .mutation(({ ctx, input }) => ctx.auth.updateUser(input)),

  invite: procedure
    .meta({
      access: ['admin'],
      keys: 'refused',
      summary: 'Invite somebody to register with a role',
      description:
        'Mails a token that works once, for seven days, and with this address; the answer does not hold it.',
      tags,
      errors: ['email-taken', 'idempotency-mismatch'],
      examples: [
        {
          summary: 'A clinician',
          input: { email: 'clara@casebook.example', role: 'clinician' },
          output: exampleInvitation,
        },
      ],
      rest: {
        method: 'POST',
        path: '/api/invitations',
        status: 201,
        location: '/api/invitations/{id}',
      },
    })
    .input(InviteInput)
    .output(returns(Invitation))
    .mutation(({ ctx, input }) => ctx.auth.inviteUser(input)),

  invitation: procedure
    .meta({
      access: ['admin'],
      summary: 'Show an invitation',
      description: 'To whom, for which role, until when, and whether it was used; never its token.',
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleInvitation.id }, output: exampleInvitation }],
      rest: { method: 'GET', path: '/api/invitations/{id}' },
    })
    .input(InvitationIdInput)
    .output(returns(Invitation))
    .query(({ ctx, input }) => ctx.auth.getInvitation(input.id)),

  keys: userKeysRouter,
})
