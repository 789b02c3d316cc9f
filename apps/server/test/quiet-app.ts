import { pino } from 'pino'
import { buildApp, type AppOptions } from '../src/app.ts'

const settings = {
  publicUrl: 'http://127.0.0.1',
  ping: () => Promise.resolve(),
  logger: pino({ level: 'silent' }),
  version: '0.0.0',
  trustProxy: false as const,
  corsOrigins: [],
  maxStreams: 8,
  fingerprintKey: new Uint8Array(32),
}

/** Builds an app that logs nothing, with the settings that tests do not care about. */
export function buildQuietApp(
  options: Pick<AppOptions, 'servicesOf' | 'sessions' | 'keys'> & Partial<AppOptions>,
): ReturnType<typeof buildApp> {
  return buildApp({ ...settings, ...options })
}
