// Written out of the contract by `npm run contract -- --write`; not by hand.

/** The version of the contract that this client was made for. */
export const contractVersion = '0.1.0'

/** Classes of errors; each reason is of one. */
export type ErrorCode = 
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'TIMEOUT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE_CONTENT'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

/** Why a call failed; each has a page at `/problems/{reason}`. */
export type ErrorReason = 
  | 'invalid-input'
  | 'malformed-request'
  | 'invalid-cursor'
  | 'wrong-credentials'
  | 'second-factor-required'
  | 'wrong-second-factor'
  | 'not-authenticated'
  | 'no-session'
  | 'invalid-reset-key'
  | 'password-refused'
  | 'wrong-password'
  | 'invalid-verification-key'
  | 'invalid-invitation'
  | 'role-needs-invitation'
  | 'username-taken'
  | 'email-taken'
  | 'cross-site'
  | 'second-factor-not-enrolled'
  | 'email-not-verified'
  | 'reauthentication-required'
  | 'not-allowed'
  | 'key-refused'
  | 'key-out-of-scope'
  | 'not-found'
  | 'method-not-allowed'
  | 'timeout'
  | 'isbn-taken'
  | 'mrn-taken'
  | 'orcid-taken'
  | 'author-has-books'
  | 'book-not-draft'
  | 'totp-enrolled'
  | 'totp-not-enrolled'
  | 'second-factor-unavailable'
  | 'account-linked'
  | 'last-admin'
  | 'stale'
  | 'contract-mismatch'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'idempotency-mismatch'
  | 'too-many-requests'
  | 'unexpected'
  | 'overloaded'

/** One invalid field: `path` is dotted (`contributors.0.authorId`). */
export type FieldError = { readonly path: string; readonly message: string }

export type CallOptions = {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined
  /** The same key and input again gives the first answer again, so that a create may be tried again. */
  readonly idempotencyKey?: string | undefined
}

/** A read. */
export type Query<Input extends unknown[], Output> = {
  readonly query: (...args: [...Input, options?: CallOptions]) => Promise<Output>
}

/** A change. */
export type Mutation<Input extends unknown[], Output> = {
  readonly mutate: (...args: [...Input, options?: CallOptions]) => Promise<Output>
}

export type Empty = Readonly<Record<string, never>>

export type Page<Item> = { items: Item[]; nextCursor: string | null }

export type AuthRegisterInput = {
  /** Letters and digits of any script, and . _ + - after the first */
  username: string
  /** E-mail address */
  email: string
  /** New password, of 8 to 256 characters */
  password: string
  /** `reader` or `author`; every other one needs an invitation */
  role?: 'reader' | 'author' | 'editor' | 'clinician' | 'admin' | undefined
  /** The key of the invitation mail */
  invitation?: string | undefined
}

export type Registered = {
  user: User
}

export type User = {
  id: string
  username: string
  email: string
  role: 'reader' | 'author' | 'editor' | 'clinician' | 'admin'
  createdAt: string
  disabledAt: string | null
}

export type AuthLoginInput = {
  /** User name or e-mail address */
  username: string
  /** Password of the account */
  password: string
  /** Where the account has a second factor: a code of it, or a recovery code */
  code?: string | undefined
}

export type Login = {
  token: string
  expiresAt: string
  user: User
}

export type AuthLoginSessionInput = {
  /** User name or e-mail address */
  username: string
  /** Password of the account */
  password: string
  /** Where the account has a second factor: a code of it, or a recovery code */
  code?: string | undefined
}

export type SessionLogin = {
  expiresAt: string
  user: User
}

export type Message = {
  message: string
}

export type AuthUpdateMeInput = {
  /** Letters and digits of any script, and . _ + - after the first */
  username?: string | undefined
  /** E-mail address */
  email?: string | undefined
  /** Needed for another address when the session is older than 15 minutes */
  currentPassword?: string | undefined
}

export type AuthRequestPasswordResetInput = {
  /** E-mail address */
  email: string
}

export type AuthResetPasswordInput = {
  /** The key of the reset mail */
  key: string
  /** New password, of 8 to 256 characters */
  password: string
}

export type AuthChangePasswordInput = {
  /** Current password */
  currentPassword: string
  /** New password, of 8 to 256 characters */
  newPassword: string
}

export type OwnEmail = {
  email: string
  verifiedAt: string | null
}

export type AuthVerifyEmailInput = {
  /** The key of the verification mail */
  key: string
}

export type Totp = {
  enrolledAt: string | null
  recoveryCodesLeft: number
  isRequired: boolean
}

export type AuthTotpEnrollInput = {
  /** Current password */
  currentPassword: string
}

export type TotpEnrollment = {
  /** Base32 (RFC 4648), to type into the app */
  secret: string
  /** The same as an otpauth:// URI, to be shown as a QR code */
  uri: string
}

export type AuthTotpConfirmInput = {
  /** First code of the app */
  code: string
}

export type RecoveryCodes = {
  recoveryCodes: string[]
}

export type AuthTotpDisableInput = {
  /** Current password */
  currentPassword: string
  /** Code of the app, or a recovery code */
  code: string
}

export type AuthTotpRenewRecoveryCodesInput = {
  /** Current password */
  currentPassword: string
  /** Code of the app, or a recovery code */
  code: string
}

export type AuthSessionsListInput = {
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type Session = {
  id: string
  kind: 'bearer' | 'cookie'
  createdAt: string
  lastUsedAt: string
  expiresAt: string
  address: string | null
  userAgent: string | null
  device: string | null
  current: boolean
}

export type AuthSessionsRevokeInput = {
  /** Id of the session */
  id: string
}

export type AuthKeysListInput = {
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type ApiKey = {
  id: string
  name: string
  start: string
  access: 'read' | 'full'
  domains: ('auth' | 'books' | 'records' | 'audit')[] | null
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
}

export type AuthKeysGetInput = {
  /** Id of the API key */
  id: string
}

export type AuthKeysCreateInput = {
  /** What it is for, such as the script that uses it */
  name: string
  /** `read` for queries only; `full` for changes as well */
  access?: 'read' | 'full' | undefined
  /** What it may be used for; null for all that you may use */
  domains?: readonly ('auth' | 'books' | 'records' | 'audit')[] | null | undefined
  /** How long it lives, in days */
  expiresInDays?: number | undefined
}

export type NewApiKey = {
  id: string
  name: string
  start: string
  access: 'read' | 'full'
  domains: ('auth' | 'books' | 'records' | 'audit')[] | null
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
  key: string
}

export type AuthKeysRevokeInput = {
  /** Id of the API key */
  id: string
}

export type AuthUsersListInput = {
  /** Part of a user name or address */
  q?: string | undefined
  /** Role of the accounts */
  role?: 'reader' | 'author' | 'editor' | 'clinician' | 'admin' | undefined
  /** Whether the accounts are disabled */
  disabled?: boolean | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type AuthUsersUpdateInput = {
  /** Id of the account */
  id: string
  /** What the account may do from now on */
  role?: 'reader' | 'author' | 'editor' | 'clinician' | 'admin' | undefined
  /** `true` shuts the account and ends its sessions, `false` opens it */
  disabled?: boolean | undefined
}

export type AuthUsersRemoveTotpInput = {
  /** Id of the account */
  id: string
}

export type AuthUsersInviteInput = {
  /** E-mail address */
  email: string
  /** What the account will be allowed to do */
  role: 'reader' | 'author' | 'editor' | 'clinician' | 'admin'
}

export type Invitation = {
  id: string
  email: string
  role: 'reader' | 'author' | 'editor' | 'clinician' | 'admin'
  createdAt: string
  expiresAt: string
  usedAt: string | null
}

export type AuthUsersInvitationInput = {
  /** Id of the invitation */
  id: string
}

export type AuthUsersKeysListInput = {
  /** Whose keys */
  id: string
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type AuthUsersKeysRevokeInput = {
  /** Id of the account */
  id: string
  /** Id of the API key */
  keyId: string
}

export type BooksListInput = {
  /** Words in title, subtitle, description, subjects or names */
  q?: string | undefined
  /** Id of an author, or part of a name */
  author?: string | undefined
  /** Part of a subject */
  subject?: string | undefined
  /** Language tag (BCP 47) */
  language?: string | undefined
  /** ISBN-10 or ISBN-13, hyphenated or not */
  isbn?: string | undefined
  /** Drafts and withdrawn books are shown to their author and to editors */
  status?: 'draft' | 'published' | 'withdrawn' | undefined
  /** Year of publication */
  year?: number | undefined
  /** Order; with - the last one first */
  sort?: '-createdAt' | 'createdAt' | 'title' | '-title' | 'publishedOn' | '-publishedOn' | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type Book = {
  id: string
  title: string
  subtitle?: string | undefined
  isbn13?: string | undefined
  language?: string | undefined
  publishedOn?: string | undefined
  status: 'draft' | 'published' | 'withdrawn'
  description?: string | undefined
  subjects: string[]
  contributors: Contributor[]
  createdAt: string
  updatedAt: string
  version: number
}

export type Contributor = {
  author: {
    id: string
    name: string
  }
  role: 'author' | 'editor' | 'translator' | 'illustrator' | 'compiler' | 'contributor' | 'annotator' | 'author of introduction, etc.' | 'author of afterword, colophon, etc.' | 'commentator' | 'cover designer' | 'creator' | 'honoree' | 'narrator' | 'other' | 'photographer' | 'publisher' | 'redaktor' | 'reviewer' | 'transcriber' | 'writer of preface'
}

export type BooksStreamInput = {
  /** Words in title, subtitle, description, subjects or names */
  q?: string | undefined
  /** Id of an author, or part of a name */
  author?: string | undefined
  /** Part of a subject */
  subject?: string | undefined
  /** Language tag (BCP 47) */
  language?: string | undefined
  /** ISBN-10 or ISBN-13, hyphenated or not */
  isbn?: string | undefined
  /** Drafts and withdrawn books are shown to their author and to editors */
  status?: 'draft' | 'published' | 'withdrawn' | undefined
  /** Year of publication */
  year?: number | undefined
  /** Order; with - the last one first */
  sort?: '-createdAt' | 'createdAt' | 'title' | '-title' | 'publishedOn' | '-publishedOn' | undefined
}

export type BooksGetInput = {
  /** Id of the book */
  id: string
}

export type BooksCreateInput = {
  /** Title, in a line */
  title: string
  /** Subtitle, in a line */
  subtitle?: string | undefined
  /** ISBN-10 or ISBN-13, hyphenated or not; of one book alone */
  isbn13?: string | undefined
  /** Language tag (BCP 47), such as en or pt-BR */
  language?: string | undefined
  /** Day of publication */
  publishedOn?: string | undefined
  /** What it is about, in 20,000 characters at most */
  description?: string | undefined
  /** Subject headings, 100 at most */
  subjects?: readonly string[] | undefined
  /** Who took part, in order: `authorId` and `role` of each, 200 at most */
  contributors?: readonly ({
    authorId: string
    role?: 'author' | 'editor' | 'translator' | 'illustrator' | 'compiler' | 'contributor' | 'annotator' | 'author of introduction, etc.' | 'author of afterword, colophon, etc.' | 'commentator' | 'cover designer' | 'creator' | 'honoree' | 'narrator' | 'other' | 'photographer' | 'publisher' | 'redaktor' | 'reviewer' | 'transcriber' | 'writer of preface' | undefined
  })[] | undefined
}

export type BooksUpdateInput = {
  /** Id of the book */
  id: string
  /** Title, in a line */
  title?: string | undefined
  subtitle?: string | null | undefined
  isbn13?: string | null | undefined
  language?: string | null | undefined
  publishedOn?: string | null | undefined
  description?: string | null | undefined
  /** Subject headings, 100 at most */
  subjects?: readonly string[] | undefined
  /** Who took part, in order: `authorId` and `role` of each, 200 at most */
  contributors?: readonly ({
    authorId: string
    role?: 'author' | 'editor' | 'translator' | 'illustrator' | 'compiler' | 'contributor' | 'annotator' | 'author of introduction, etc.' | 'author of afterword, colophon, etc.' | 'commentator' | 'cover designer' | 'creator' | 'honoree' | 'narrator' | 'other' | 'photographer' | 'publisher' | 'redaktor' | 'reviewer' | 'transcriber' | 'writer of preface' | undefined
  })[] | undefined
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type BooksDeleteInput = {
  /** Id of the book */
  id: string
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type BooksPublishInput = {
  /** Id of the book */
  id: string
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type BooksWithdrawInput = {
  /** Id of the book */
  id: string
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type BooksImportInput = {
  /** Where the rows come from, in small letters, digits and . _ - */
  source: string
  /** Answer what would become of each row, and change nothing */
  dryRun?: boolean | undefined
  /** Status of the books that are created */
  status?: 'draft' | 'published' | undefined
  /** What to import, 1000 rows at most */
  rows: readonly ({
    /** What the row is called where it comes from */
    externalId: string
    /** Title, in a line */
    title: string
    /** Subtitle, in a line */
    subtitle?: string | undefined
    /** ISBN-10 or ISBN-13, hyphenated or not; of one book alone */
    isbn13?: string | undefined
    /** Language tag (BCP 47), such as en or pt-BR */
    language?: string | undefined
    /** Day of publication */
    publishedOn?: string | undefined
    /** What it is about, in 20,000 characters at most */
    description?: string | undefined
    /** Subject headings, 100 at most */
    subjects?: readonly string[] | undefined
    /** Who took part, in order, by name: the same identifier, else the same name, is the same author */
    contributors?: readonly ({
      name: string
      sortName?: string | undefined
      /** What the row is called where it comes from */
      externalId?: string | undefined
      role?: 'author' | 'editor' | 'translator' | 'illustrator' | 'compiler' | 'contributor' | 'annotator' | 'author of introduction, etc.' | 'author of afterword, colophon, etc.' | 'commentator' | 'cover designer' | 'creator' | 'honoree' | 'narrator' | 'other' | 'photographer' | 'publisher' | 'redaktor' | 'reviewer' | 'transcriber' | 'writer of preface' | undefined
    })[] | undefined
  })[]
}

export type BooksAuthorsListInput = {
  /** Part of a name */
  q?: string | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type Author = {
  id: string
  name: string
  sortName: string
  bio?: string | undefined
  orcid?: string | undefined
  bookCount: number
}

export type BooksAuthorsGetInput = {
  /** Id of the author */
  id: string
}

export type BooksAuthorsCreateInput = {
  /** Name as it is printed */
  name: string
  /** Name as it is filed, the family name first */
  sortName?: string | undefined
  /** About the author, in 20,000 characters at most */
  bio?: string | undefined
  /** ORCID iD, such as 0000-0002-1825-0097 */
  orcid?: string | undefined
}

export type BooksAuthorsUpdateInput = {
  /** Id of the author */
  id: string
  /** Name as it is printed */
  name?: string | undefined
  /** Name as it is filed, the family name first */
  sortName?: string | undefined
  bio?: string | null | undefined
  orcid?: string | null | undefined
}

export type BooksAuthorsDeleteInput = {
  /** Id of the author */
  id: string
}

export type RecordsListInput = {
  /** Year of the date; alone, the whole year */
  year?: number | undefined
  /** Month of that year */
  month?: number | undefined
  /** Whose records: the id of a patient */
  patientId?: string | undefined
  /** `encounter`, `condition`, `procedure`, `note` … */
  kind?: string | undefined
  /** Code of a concept, in any system */
  code?: string | undefined
  /** Words that begin as words in title, notes or the display of the code do: `hyper` finds hypertension */
  q?: string | undefined
  /** First day */
  from?: string | undefined
  /** Last day, included */
  to?: string | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type MedicalRecord = {
  id: string
  patientId: string
  date: string
  kind: string
  status: 'preliminary' | 'final' | 'amended' | 'entered-in-error'
  title: string
  code?: Code | undefined
  notes?: string | undefined
  clinician?: string | undefined
  createdAt: string
  updatedAt: string
  version: number
}

export type Code = {
  system: string
  code: string
  display: string
}

export type RecordsStreamInput = {
  /** Year of the date; alone, the whole year */
  year?: number | undefined
  /** Month of that year */
  month?: number | undefined
  /** Whose records: the id of a patient */
  patientId?: string | undefined
  /** `encounter`, `condition`, `procedure`, `note` … */
  kind?: string | undefined
  /** Code of a concept, in any system */
  code?: string | undefined
  /** Words that begin as words in title, notes or the display of the code do: `hyper` finds hypertension */
  q?: string | undefined
  /** First day */
  from?: string | undefined
  /** Last day, included */
  to?: string | undefined
}

export type RecordsGetInput = {
  /** Id of the record */
  id: string
}

export type RecordsByPatientInput = {
  /** Id of the patient */
  patientId: string
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type RecordsCreateInput = {
  /** Whose record it is */
  patientId: string
  /** Day of what it tells of */
  date: string
  /** `encounter`, `condition`, `procedure`, `note` … */
  kind: string
  /** Status (FHIR R4, composition status) */
  status?: 'preliminary' | 'final' | 'amended' | 'entered-in-error' | undefined
  /** What it is of, in a line */
  title: string
  /** Concept of a code system: `system`, `code` and `display` */
  code?: Code | undefined
  /** Free text, 100,000 characters at most */
  notes?: string | undefined
  /** Name of whoever treated the patient */
  clinician?: string | undefined
}

export type RecordsAmendInput = {
  /** Id of the record */
  id: string
  /** Day of what it tells of */
  date?: string | undefined
  /** `encounter`, `condition`, `procedure`, `note` … */
  kind?: string | undefined
  /** Status (FHIR R4); without it, a final record becomes `amended` */
  status?: 'preliminary' | 'final' | 'amended' | 'entered-in-error' | undefined
  /** What it is of, in a line */
  title?: string | undefined
  /** Concept of a code system: `system`, `code` and `display` */
  code?: Code | null | undefined
  notes?: string | null | undefined
  clinician?: string | null | undefined
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type RecordsHistoryInput = {
  /** Id of the record */
  id: string
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type RecordsImportInput = {
  /** Where the rows come from, in small letters, digits and . _ - */
  source: string
  /** Answer what would become of each row, and change nothing */
  dryRun?: boolean | undefined
  /** What to import, 1000 rows at most */
  rows: readonly ({
    /** What the row is called where it comes from */
    externalId: string
    /** What the same source calls the patient: the `externalId` of an imported patient */
    patient: string
    /** Day of what it tells of */
    date: string
    /** `encounter`, `condition`, `procedure`, `note` … */
    kind: string
    /** Status (FHIR R4, composition status) */
    status?: 'preliminary' | 'final' | 'amended' | 'entered-in-error' | undefined
    /** What it is of, in a line */
    title: string
    /** Concept of a code system: `system`, `code` and `display` */
    code?: Code | undefined
    /** Free text, 100,000 characters at most */
    notes?: string | undefined
    /** Name of whoever treated the patient */
    clinician?: string | undefined
  })[]
}

export type RecordsPatientsListInput = {
  /** Part of a name or of a medical record number */
  q?: string | undefined
  /** Medical record number, whole */
  mrn?: string | undefined
  /** Day of birth */
  birthDate?: string | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type Patient = {
  id: string
  mrn?: string | undefined
  givenName: string
  familyName: string
  birthDate: string
  sex: 'male' | 'female' | 'other' | 'unknown'
  createdAt: string
  updatedAt: string
  version: number
}

export type RecordsPatientsGetInput = {
  /** Id of the patient */
  id: string
}

export type RecordsPatientsCreateInput = {
  /** Medical record number, of one patient alone */
  mrn?: string | undefined
  /** Given name */
  givenName: string
  /** Family name */
  familyName: string
  /** Day of birth */
  birthDate: string
  /** Administrative gender (FHIR R4) */
  sex: 'male' | 'female' | 'other' | 'unknown'
}

export type RecordsPatientsUpdateInput = {
  /** Id of the patient */
  id: string
  mrn?: string | null | undefined
  /** Given name */
  givenName?: string | undefined
  /** Family name */
  familyName?: string | undefined
  /** Day of birth */
  birthDate?: string | undefined
  /** Administrative gender (FHIR R4) */
  sex?: 'male' | 'female' | 'other' | 'unknown' | undefined
  /** The version that you have read; another one is refused as stale */
  version?: number | undefined
}

export type RecordsPatientsLinkAccountInput = {
  /** Id of the patient */
  id: string
  /** User name, or the address if it is verified */
  username: string
}

export type LinkedAccount = {
  patientId: string
  account: {
    id: string
    username: string
  }
}

export type RecordsPatientsUnlinkAccountInput = {
  /** Id of the patient */
  id: string
  /** Take only this account away */
  username?: string | undefined
}

export type RecordsPatientsAccessInput = {
  /** Id of the patient */
  id: string
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type PatientAccess = {
  at: string
  role?: 'reader' | 'author' | 'editor' | 'clinician' | 'admin' | undefined
  username?: string | undefined
  action: string
  outcome: 'allowed' | 'refused' | 'failed'
  recordId?: string | undefined
}

export type RecordsPatientsImportInput = {
  /** Where the rows come from, in small letters, digits and . _ - */
  source: string
  /** Answer what would become of each row, and change nothing */
  dryRun?: boolean | undefined
  /** What to import, 1000 rows at most */
  rows: readonly ({
    /** What the row is called where it comes from */
    externalId: string
    /** Medical record number, of one patient alone */
    mrn?: string | undefined
    /** Given name */
    givenName: string
    /** Family name */
    familyName: string
    /** Day of birth */
    birthDate: string
    /** Administrative gender (FHIR R4) */
    sex: 'male' | 'female' | 'other' | 'unknown'
  })[]
}

export type AuditListInput = {
  /** Who did it */
  actorId?: string | undefined
  /** Whose data it was */
  patientId?: string | undefined
  /** Id of what was read or changed */
  resource?: string | undefined
  /** Name of the procedure, such as `records.get` */
  action?: string | undefined
  /** Whether it was allowed, refused, or failed */
  outcome?: 'allowed' | 'refused' | 'failed' | undefined
  /** Id of the request */
  requestId?: string | undefined
  /** First instant, such as 2026-01-31T00:00:00Z */
  from?: string | undefined
  /** Instant before which entries end */
  to?: string | undefined
  /** Items of a page */
  limit?: number | undefined
  /** Where the page begins: taken, unchanged, from the answer before */
  cursor?: string | undefined
}

export type AuditEntry = {
  id: string
  at: string
  actor?: {
    id: string
    username: string
    role: 'reader' | 'author' | 'editor' | 'clinician' | 'admin'
  } | undefined
  action: string
  outcome: 'allowed' | 'refused' | 'failed'
  resource?: string | undefined
  patientId?: string | undefined
  count?: number | undefined
  detail?: string | undefined
  address: string
  requestId: string
  credential?: string | undefined
}

export type AuditStreamInput = {
  /** Who did it */
  actorId?: string | undefined
  /** Whose data it was */
  patientId?: string | undefined
  /** Id of what was read or changed */
  resource?: string | undefined
  /** Name of the procedure, such as `records.get` */
  action?: string | undefined
  /** Whether it was allowed, refused, or failed */
  outcome?: 'allowed' | 'refused' | 'failed' | undefined
  /** Id of the request */
  requestId?: string | undefined
  /** First instant, such as 2026-01-31T00:00:00Z */
  from?: string | undefined
  /** Instant before which entries end */
  to?: string | undefined
}

export type AuditVerifyInput = {
  /** The head of an earlier check, kept elsewhere; the chain must still hold it */
  head?: string | undefined
}

export type AuditVerification = {
  ok: boolean
  sealed: number
  pending: number
  head: string | null
  problems: ({
    id?: string | undefined
    kind: 'edited' | 'missing' | 'swapped' | 'cut-tail'
    message: string
  })[]
}

/** Every procedure of the contract. */
export type CasebookClient = {
  readonly auth: {
    /** Register an account. Anybody may register as `reader` or `author`; every other role needs the invitation of an admin. */
    readonly register: Mutation<[input: AuthRegisterInput], Registered>
    /** Log in for a bearer token. The answer is the same for an unknown user, a wrong password, a disabled and a locked account. Failures are limited; a login that succeeds does not count. */
    readonly login: Mutation<[input: AuthLoginInput], Login>
    /** Log in with a session cookie. Sets the session cookie; its token is in no body. */
    readonly loginSession: Mutation<[input: AuthLoginSessionInput], SessionLogin>
    /** End the session that the call is made with. Works with a token and with a cookie, which is taken away; without a live session it fails. */
    readonly logout: Mutation<[input?: Empty], Message>
    /** Show your account. The account that the token, cookie or API key belongs to. */
    readonly me: Query<[input?: Empty], User>
    /** Change your user name or address. Fields that are not named stay. Both must be free, whatever their case. Another address wants a session that began within 15 minutes, or the current password. */
    readonly updateMe: Mutation<[input: AuthUpdateMeInput], User>
    /** Request a mail with a password reset link. The answer is the same for a known and an unknown address; the key travels by mail only. An account gets three mails an hour at most. */
    readonly requestPasswordReset: Mutation<[input: AuthRequestPasswordResetInput], Message>
    /** Set a new password with the key of the reset mail. The key works once and for 30 minutes; a refused password does not use it up. Ends all sessions. */
    readonly resetPassword: Mutation<[input: AuthResetPasswordInput], Message>
    /** Change your password. Needs the current password, and ends every other session of the account. */
    readonly changePassword: Mutation<[input: AuthChangePasswordInput], Message>
    /** Show your address, and whether it is verified. `verifiedAt` is null until the key of the verification mail has come back. */
    readonly email: Query<[input?: Empty], OwnEmail>
    /** Request a new mail with a verification link. Registering and changing the address send one by themselves. A new key makes the old one void. */
    readonly requestEmailVerification: Mutation<[input?: Empty], Message>
    /** Verify an address with the key of the verification mail. The key works once, for 24 hours, and while the account has the address it was sent to. */
    readonly verifyEmail: Mutation<[input: AuthVerifyEmailInput], Message>
    readonly totp: {
      /** Show whether you have a second factor. Since when, how many recovery codes are left, and whether the server demands one of you. */
      readonly get: Query<[input?: Empty], Totp>
      /** Begin to enrol an authenticator app (TOTP, RFC 6238). Answers the secret, once. The factor counts from its first right code on, which `confirm` takes; until then a new call replaces the secret. An enrolment lapses after 15 minutes. */
      readonly enroll: Mutation<[input: AuthTotpEnrollInput], TotpEnrollment>
      /** Confirm the authenticator app with its first code. From then on both logins take `code`, too. Answers ten recovery codes, once; each works once in place of a code. Ends every other session of the account. */
      readonly confirm: Mutation<[input: AuthTotpConfirmInput], RecoveryCodes>
      /** Take off your second factor. Needs the password, and a code of the app or a recovery code. */
      readonly disable: Mutation<[input: AuthTotpDisableInput], Message>
      /** Make new recovery codes. Ten, shown once; the old ones are void. Needs the password and a code. */
      readonly renewRecoveryCodes: Mutation<[input: AuthTotpRenewRecoveryCodesInput], RecoveryCodes>
    }
    readonly sessions: {
      /** List your live sessions. Both kinds, bearer tokens and cookies, latest first; `current` is the one of this call. */
      readonly list: Query<[input: AuthSessionsListInput], Page<Session>>
      /** End one of your sessions. Its token or cookie is refused from then on, in every process. */
      readonly revoke: Mutation<[input: AuthSessionsRevokeInput], null>
      /** End all your sessions but this one. Both kinds; the one that the call is made with goes on. */
      readonly revokeOthers: Mutation<[input?: Empty], Message>
      /** End all your sessions. Both kinds, with the one that the call is made with. */
      readonly revokeAll: Mutation<[input?: Empty], Message>
    }
    readonly keys: {
      /** List your API keys. Latest first, with those that have expired; the keys themselves are shown to nobody again. */
      readonly list: Query<[input: AuthKeysListInput], Page<ApiKey>>
      /** Show one of your API keys. What it may do, until when, and when it was last used; never the key itself. */
      readonly get: Query<[input: AuthKeysGetInput], ApiKey>
      /** Make an API key. For scripts: it acts for you, as you are when it is used, within its access and domains. `key` is in this answer alone; send it as the bearer token. The same `Idempotency-Key` again gives the same API key with a new `key`, and the one before is void, since it is kept nowhere. */
      readonly create: Mutation<[input: AuthKeysCreateInput], NewApiKey>
      /** Revoke one of your API keys. It is refused from then on, in every process. */
      readonly revoke: Mutation<[input: AuthKeysRevokeInput], null>
    }
    readonly users: {
      /** Find accounts. `q` is looked for in user names and addresses. */
      readonly list: Query<[input: AuthUsersListInput], Page<User>>
      /** Change the role of an account, disable or enable it. Takes effect with the next request of the account; disabling ends its sessions and revokes its API keys. */
      readonly update: Mutation<[input: AuthUsersUpdateInput], User>
      /** Take off the second factor of an account. For somebody who has lost both the app and the recovery codes; be sure who asks. Ends the sessions of the account and mails its owner. */
      readonly removeTotp: Mutation<[input: AuthUsersRemoveTotpInput], null>
      /** Invite somebody to register with a role. Mails a token that works once, for seven days, and with this address; the answer does not hold it. */
      readonly invite: Mutation<[input: AuthUsersInviteInput], Invitation>
      /** Show an invitation. To whom, for which role, until when, and whether it was used; never its token. */
      readonly invitation: Query<[input: AuthUsersInvitationInput], Invitation>
      readonly keys: {
        /** List the API keys of an account. Latest first, with those that have expired. */
        readonly list: Query<[input: AuthUsersKeysListInput], Page<ApiKey>>
        /** Revoke an API key of an account. It is refused from then on, in every process. */
        readonly revoke: Mutation<[input: AuthUsersKeysRevokeInput], null>
      }
    }
  }
  readonly books: {
    /** List books. Published books for everybody; with `status=draft` or `withdrawn`, authors see their own and editors all. */
    readonly list: Query<[input: BooksListInput], Page<Book>>
    /** Stream all books. The same filters and order as `books.list`, without pages. */
    readonly stream: Query<[input: BooksStreamInput], AsyncIterable<Book>>
    /** Show a book. A draft is shown to its author and to editors; to anybody else it isn't there. */
    readonly get: Query<[input: BooksGetInput], Book>
    /** Create a draft. It belongs to you, and is seen by you and by editors until one of them publishes it. Contributors stand in the order given. */
    readonly create: Mutation<[input: BooksCreateInput], Book>
    /** Change a book. Authors change their own drafts, editors every book. Fields that are not named stay; null takes one away. */
    readonly update: Mutation<[input: BooksUpdateInput], Book>
    /** Delete a draft. What was once published is withdrawn instead, since it may have been cited. */
    readonly delete: Mutation<[input: BooksDeleteInput], null>
    /** Publish a book. A draft or a withdrawn book; one that is published stays as it is. */
    readonly publish: Mutation<[input: BooksPublishInput], Book>
    /** Withdraw a book. Takes a published book from sight without deleting it. */
    readonly withdraw: Mutation<[input: BooksWithdrawInput], Book>
    /** Import books of another catalogue. Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone. */
    readonly import: Mutation<[input: BooksImportInput], {
      results: ({
        externalId: string
        outcome: 'created' | 'exists' | 'rejected'
        id?: string | undefined
        errors?: ({
          path: string
          message: string
        })[] | undefined
      })[]
    }>
    readonly authors: {
      /** List authors. By sort name; `q` is looked for in names. */
      readonly list: Query<[input: BooksAuthorsListInput], Page<Author>>
      /** Show an author. With the number of published books to which the author contributed. */
      readonly get: Query<[input: BooksAuthorsGetInput], Author>
      /** Create an author. Without `sortName`, the last word of the name is filed first. */
      readonly create: Mutation<[input: BooksAuthorsCreateInput], Author>
      /** Change an author. The new name shows in all of the author’s books. Null takes `bio` or `orcid` away. */
      readonly update: Mutation<[input: BooksAuthorsUpdateInput], Author>
      /** Delete an author without books. One who contributed to any book, a draft too, is not deleted. */
      readonly delete: Mutation<[input: BooksAuthorsDeleteInput], null>
    }
  }
  readonly records: {
    /** List records. Latest day first. `year` alone is a whole year, `month` needs `year`. Over REST, a search by `year` that finds nothing is 404. An account that is linked to a patient sees that patient’s records. */
    readonly list: Query<[input: RecordsListInput], Page<MedicalRecord>>
    /** Stream all records. The same filters and order as `records.list`, without pages. */
    readonly stream: Query<[input: RecordsStreamInput], AsyncIterable<MedicalRecord>>
    /** Show a record */
    readonly get: Query<[input: RecordsGetInput], MedicalRecord>
    /** List the records of a patient. Latest day first. Over REST, a patient without records is 404. */
    readonly byPatient: Query<[input: RecordsByPatientInput], Page<MedicalRecord>>
    /** Write a record. The first version of it; from then on it is amended, and every version stays readable. */
    readonly create: Mutation<[input: RecordsCreateInput], MedicalRecord>
    /** Amend a record. Makes a new version; the versions before stay readable. Without `status` the record becomes `amended`. Null takes an optional field away. */
    readonly amend: Mutation<[input: RecordsAmendInput], MedicalRecord>
    /** Show every version of a record. The first version first. */
    readonly history: Query<[input: RecordsHistoryInput], Page<MedicalRecord>>
    /** Import records of another system. Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone. */
    readonly import: Mutation<[input: RecordsImportInput], {
      results: ({
        externalId: string
        outcome: 'created' | 'exists' | 'rejected'
        id?: string | undefined
        errors?: ({
          path: string
          message: string
        })[] | undefined
      })[]
    }>
    readonly patients: {
      /** List patients. By part of a name or medical record number, by a whole one, or by day of birth; by family name. */
      readonly list: Query<[input: RecordsPatientsListInput], Page<Patient>>
      /** Show a patient. Its version is what a change of it must name, or its entity tag. */
      readonly get: Query<[input: RecordsPatientsGetInput], Patient>
      /** Register a patient. The medical record number must be free. */
      readonly create: Mutation<[input: RecordsPatientsCreateInput], Patient>
      /** Change a patient. Fields that are not named stay; null takes the medical record number away. */
      readonly update: Mutation<[input: RecordsPatientsUpdateInput], Patient>
      /** Link an account to a patient. The account then sees the records of this patient; a link that the patient had before ends. */
      readonly linkAccount: Mutation<[input: RecordsPatientsLinkAccountInput], LinkedAccount>
      /** Take away the account that is linked to a patient. From then on it sees none of the patient’s records. */
      readonly unlinkAccount: Mutation<[input: RecordsPatientsUnlinkAccountInput], null>
      /** Show who has seen or changed a patient’s records. Latest first, refusals too. For admins, and for the account that is linked to the patient, which is told the names of staff and the roles of others. Lists across patients name no patient: admins find them by `audit.list`. */
      readonly access: Query<[input: RecordsPatientsAccessInput], Page<PatientAccess>>
      /** Import patients of another system. Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone. */
      readonly import: Mutation<[input: RecordsPatientsImportInput], {
        results: ({
          externalId: string
          outcome: 'created' | 'exists' | 'rejected'
          id?: string | undefined
          errors?: ({
            path: string
            message: string
          })[] | undefined
        })[]
      }>
    }
  }
  readonly audit: {
    /** Show who read or changed what. Latest first. Looking at the trail leaves an entry in it, too. */
    readonly list: Query<[input: AuditListInput], Page<AuditEntry>>
    /** Stream the audit trail. The same filters and order as `audit.list`, without pages; what is written meanwhile is left out. */
    readonly stream: Query<[input: AuditStreamInput], AsyncIterable<AuditEntry>>
    /** Check the hash chain of the audit trail. Finds an edited, a missing or a swapped entry, and a tail that was cut off. Who can write everything can write a whole new chain: to find that, keep the `head` of the answer elsewhere, and give it to the next check. */
    readonly verify: Query<[input?: AuditVerifyInput], AuditVerification>
  }
}
