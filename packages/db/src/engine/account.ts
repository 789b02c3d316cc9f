import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The account that the embedded PostgreSQL runs as. */
export type Account = { readonly uid: number; readonly gid: number }

/** Gives the account to run as: our own, or `nobody` when we are root, as which PostgreSQL refuses to run. */
export function engineAccount(): Account | null {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined) return null
  return uid === 0 ? readAccount('nobody') : { uid, gid }
}

/** Tells whether the account can run a program and write into a folder. */
export function canUse(account: Account, paths: { program: string; folder: string }): boolean {
  const script = 'test -x "$0" && test -w "$1" && test -x "$1"'
  return spawnSync('/bin/sh', ['-c', script, paths.program, paths.folder], account).status === 0
}

function readAccount(name: string): Account | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}
