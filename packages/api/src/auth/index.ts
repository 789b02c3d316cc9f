export {
  exampleExpiry,
  exampleInvitation,
  exampleKey,
  exampleOtherKey,
  exampleSession,
  exampleUser,
} from './examples.ts'
export {
  ApiKey,
  CreateKeyInput,
  KeyAccess,
  KeyDomain,
  keyDomains,
  KeyListInput,
  NewApiKey,
  UserKeyIdInput,
  UserKeyListInput,
} from './key-schema.ts'
export { OwnEmail, VerifyEmailInput } from './email-schema.ts'
export { type EmailService } from './email-service.ts'
export {
  ChangePasswordInput,
  Email,
  Invitation,
  InvitationIdInput,
  InviteInput,
  Login,
  LoginInput,
  NewPassword,
  PersonName,
  Registered,
  RegisterInput,
  ResetInput,
  ResetRequestInput,
  Role,
  roles,
  Session,
  SessionIdInput,
  SessionListInput,
  SessionLogin,
  SessionPage,
  UpdateMeInput,
  UpdateUserInput,
  User,
  UserListInput,
  Username,
  UserPage,
} from './schema.ts'
export {
  ChangeTotpInput,
  ConfirmTotpInput,
  EnrollTotpInput,
  RecoveryCodes,
  Totp,
  TotpEnrollment,
} from './second-factor-schema.ts'
export { type SecondFactorService } from './second-factor-service.ts'
export { type AuthService } from './service.ts'
