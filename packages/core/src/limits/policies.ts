import type { Lockout } from '@casebook/db'

/** How much of one thing a caller may do in a window of time. */
export type Policy = {
  /** Its name in RateLimit-Policy. */
  readonly name: string
  readonly quota: number
  readonly windowSeconds: number
  /** What there was too much of; ends a sentence that begins with «Too many». */
  readonly what: string
}

/** What an operator may say about limits. */
export type LimitSettings = {
  /** Without limits, failed logins still lock accounts. */
  readonly isOn: boolean
  /** Failed logins with one user name from one network. */
  readonly loginsPerMinute: number
  /** Failed logins from one network, whatever the user names, in ten minutes. */
  readonly loginsPerAddress: number
  /** From one network. */
  readonly registrationsPerHour: number
  /** Requests for a reset mail from one network. */
  readonly resetsPerHour: number
}

export type Policies = ReturnType<typeof createPolicies>

/** Every limit that there is, with its quota and its window. */
export function createPolicies(settings: LimitSettings) {
  return {
    login: {
      name: 'login',
      quota: settings.loginsPerMinute,
      windowSeconds: 60,
      what: 'failed logins with this user name from your address',
    },
    loginsFromAddress: {
      name: 'logins-from-address',
      quota: settings.loginsPerAddress,
      windowSeconds: 600,
      what: 'failed logins from your address',
    },
    registration: {
      name: 'registration',
      quota: settings.registrationsPerHour,
      windowSeconds: 3600,
      what: 'registrations from your address',
    },
    resetRequest: {
      name: 'reset-request',
      quota: settings.resetsPerHour,
      windowSeconds: 3600,
      what: 'requests to reset a password from your address',
    },
    /** Beyond it no mail is sent, and the answer is the same. */
    resetMail: { name: 'reset-mail', quota: 3, windowSeconds: 3600, what: 'reset mails' },
    /** Each hashes a password, whether its key is good or not. */
    reset: { name: 'reset', quota: 60, windowSeconds: 600, what: 'password resets from your address' },
    /** Whatever the current password is typed again for: another one, or a change of the second factor. */
    passwordChange: {
      name: 'password-change',
      quota: 10,
      windowSeconds: 900,
      what: 'changes for which you typed your password',
    },
    /** The first code of an authenticator app; later ones are counted with the factor. */
    totpConfirmation: {
      name: 'totp-confirmation',
      quota: 10,
      windowSeconds: 900,
      what: 'codes to confirm an authenticator app',
    },
    /** Of one account; changes of its address count, since each mails the new one. */
    verificationMail: {
      name: 'verification-mail',
      quota: 5,
      windowSeconds: 3600,
      what: 'mails to verify your address',
    },
  } as const satisfies Record<string, Policy>
}

/** Ten wrong passwords in a row lock for a quarter of an hour, and each further one twice as long, up to a day. */
export const lockout: Lockout = { after: 10, firstPauseSeconds: 900, longestPauseSeconds: 86_400 }
