import { join, resolve } from 'node:path'
import type { LimitSettings } from '@casebook/core'
import { z } from 'zod'
import { proxiesOf, type TrustedProxies } from './proxies.ts'

/** A setting is wrong; `message` names each wrong one in a line of its own. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const minutes = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number of minutes')
  .transform(Number)
  .pipe(z.int().min(1))

const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))

const Settings = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .pipe(z.int().max(65_535))
    .default(3000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  DATA_DIR: z.string().min(1).default('.casebook'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://user:password@host/database' })
    .optional(),
  DATABASE_POOL: count(4, 1000).default(10),
  WORKERS: count(1, 64).default(1),
  DATABASE_REPLICA_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://user:password@host/database' })
    .optional(),
  CASEBOOK_ENGINE: z.enum(['postgres', 'pglite']).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be smtp://host:port or smtps://…' }).optional(),
  MAIL_FROM: z.string().min(3).default('Casebook <casebook@localhost>'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
  TRUST_PROXY: z.string().transform(proxiesOf).default(false),
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.url()))
    .optional(),
  SESSION_IDLE_MINUTES: minutes.default(30),
  TOKEN_MINUTES: minutes.default(720),
  LIMITS: flag.default(true),
  LIMIT_LOGINS_PER_MINUTE: count(1, 9999).default(10),
  LIMIT_LOGINS_PER_ADDRESS: count(1, 9999).default(100),
  LIMIT_REGISTRATIONS_PER_HOUR: count(1, 9999).default(20),
  LIMIT_RESETS_PER_HOUR: count(1, 9999).default(20),
  MAX_STREAMS: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .default(8),
  CATALOGUE_MEMORY_MB: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number of megabytes')
    .transform(Number)
    .default(64),
  UNSAFE_DATABASE: flag.default(false),
})

/** Names of all settings that are read from the environment. */
export const settingNames = Object.keys(Settings.shape)

export type Settings = {
  readonly host: string
  readonly port: number
  /** Null: made from the address that the server listens on. */
  readonly publicUrl: string | null
  readonly dataDir: string
  readonly databaseUrl: string | null
  /** A standby of that database, to read from. */
  readonly databaseReplicaUrl: string | null
  /** Connections to the database that this process holds at most. */
  readonly databasePool: number
  /** Processes that serve. */
  readonly workers: number
  readonly engine: 'postgres' | 'pglite' | null
  readonly smtpUrl: string | null
  readonly mailFrom: string
  readonly logLevel: string
  readonly trustProxy: TrustedProxies
  readonly corsOrigins: readonly string[]
  readonly sessionIdleMinutes: number
  readonly tokenMinutes: number
  readonly limits: LimitSettings
  /** Whole lists that this process streams at once, over REST and tRPC together; beyond it the answer is 503. */
  readonly maxStreams: number
  /** Memory for pages of the catalogue, in megabytes; 0 keeps none. */
  readonly catalogueMemoryMb: number
  readonly unsafeDatabase: boolean
}

/** Reads and checks the settings. Throws SettingsError. Empty text counts as unset. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new SettingsError([...new Set(lines)].join('\n'))
  }
  const read = parsed.data
  return {
    host: read.HOST,
    port: read.PORT,
    publicUrl: read.PUBLIC_URL ?? null,
    dataDir: resolve(env['INIT_CWD'] ?? process.cwd(), read.DATA_DIR),
    databaseUrl: read.DATABASE_URL ?? null,
    databaseReplicaUrl: read.DATABASE_REPLICA_URL ?? null,
    databasePool: read.DATABASE_POOL,
    workers: read.WORKERS,
    engine: read.CASEBOOK_ENGINE ?? null,
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM,
    // With the embedded engine somebody sits at the terminal, and wants to hear of trouble only.
    logLevel: read.LOG_LEVEL ?? (read.DATABASE_URL === undefined ? 'warn' : 'info'),
    trustProxy: read.TRUST_PROXY,
    corsOrigins: read.CORS_ORIGINS ?? [],
    sessionIdleMinutes: read.SESSION_IDLE_MINUTES,
    tokenMinutes: read.TOKEN_MINUTES,
    limits: {
      isOn: read.LIMITS,
      loginsPerMinute: read.LIMIT_LOGINS_PER_MINUTE,
      loginsPerAddress: read.LIMIT_LOGINS_PER_ADDRESS,
      registrationsPerHour: read.LIMIT_REGISTRATIONS_PER_HOUR,
      resetsPerHour: read.LIMIT_RESETS_PER_HOUR,
    },
    maxStreams: read.MAX_STREAMS,
    catalogueMemoryMb: read.CATALOGUE_MEMORY_MB,
    unsafeDatabase: read.UNSAFE_DATABASE,
  }
}

/** Folder of the mails that are not sent by SMTP. */
export function outboxOf(settings: Settings): string {
  return join(settings.dataDir, 'outbox')
}
