import type { SessionCookie } from '../context.ts'
import type { Message } from '../fields.ts'
import type { InvitationId, KeyId, SessionId } from '../ids.ts'
import type { Page } from '../paging.ts'
import type {
  ApiKey,
  CreateKeyInput,
  KeyListInput,
  NewApiKey,
  UserKeyIdInput,
  UserKeyListInput,
} from './key-schema.ts'
import type {
  ChangePasswordInput,
  Invitation,
  InviteInput,
  Login,
  LoginInput,
  Registered,
  RegisterInput,
  ResetInput,
  ResetRequestInput,
  Session,
  SessionListInput,
  SessionLogin,
  UpdateMeInput,
  UpdateUserInput,
  User,
  UserListInput,
} from './schema.ts'

/** Accounts, sessions and roles, as one caller may use them. */
export type AuthService = {
  register(input: RegisterInput): Promise<Registered>
  login(input: LoginInput): Promise<Login>
  /** Sets the session cookie; the token is in no answer. */
  loginSession(input: LoginInput, cookie: SessionCookie): Promise<SessionLogin>
  /** Ends the session of the caller's credential, cookie or token. */
  logout(cookie: SessionCookie): Promise<Message>
  me(): Promise<User>
  updateMe(input: UpdateMeInput): Promise<User>
  requestPasswordReset(input: ResetRequestInput): Promise<Message>
  resetPassword(input: ResetInput): Promise<Message>
  /** Ends every other session of the account. */
  changePassword(input: ChangePasswordInput): Promise<Message>
  listSessions(input: SessionListInput): Promise<Page<Session>>
  revokeSession(id: SessionId): Promise<null>
  /** Ends every session of the account but the one that the call is made with. */
  revokeOtherSessions(): Promise<Message>
  revokeAllSessions(cookie: SessionCookie): Promise<Message>
  listKeys(input: KeyListInput): Promise<Page<ApiKey>>
  getKey(id: KeyId): Promise<ApiKey>
  /** The key itself is in this answer alone. */
  createKey(input: CreateKeyInput): Promise<NewApiKey>
  revokeKey(id: KeyId): Promise<null>
  listUserKeys(input: UserKeyListInput): Promise<Page<ApiKey>>
  revokeUserKey(input: UserKeyIdInput): Promise<null>
  listUsers(input: UserListInput): Promise<Page<User>>
  updateUser(input: UpdateUserInput): Promise<User>
  inviteUser(input: InviteInput): Promise<Invitation>
  getInvitation(id: InvitationId): Promise<Invitation>
}
