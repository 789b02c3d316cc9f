import { uuidOf, type UserId } from '@casebook/api'
import { sql, type RawBuilder } from 'kysely'
import {
  refusalOf,
  returnedTable,
  takenTables,
  type Refusal,
  type RefusalRow,
  type Take,
} from '../foundation/limit-store.ts'
import { executeNamed } from '../named.ts'
import type { Executor } from '../schema.ts'
import type { NewSession } from './session-store.ts'
import { canonicalKey, toUser, type UserRow, type UserSecrets } from './user-store.ts'

/** How failed logins in a row lock. */
export type Lockout = {
  /** Failures in a row after which it locks. */
  readonly after: number
  readonly firstPauseSeconds: number
  /** Each failure after a pause doubles it, up to this. */
  readonly longestPauseSeconds: number
}

/** An account as a login finds it. */
export type LoginAccount = UserSecrets & {
  /** Locked for where the caller comes from. */
  readonly isLocked: boolean
  readonly hasSecondFactor: boolean
  /** Counts up when the password changes, a second factor comes, or the account is disabled. */
  readonly epoch: number
}

export type Entered = { readonly refusal: Refusal | null; readonly account: LoginAccount | null }

/** Networks of an account that are known, and for how long after the last login from there. */
const mostNetworks = 5
const isFresh = sql`k.used_at > now() - interval '30 days'`

/**
 * What logins read and count. Failures count in two places that lock apart from each other: for each network from
 * where the account logged in before, and for the account everywhere else.
 */
export function createLoginStore(db: Executor) {
  return {
    /** Counts a login against its limits, and finds the account by its user name or its address, in one statement. */
    async enter({
      login,
      network,
      takes,
    }: {
      login: string
      network: string
      takes: readonly Take[]
    }): Promise<Entered> {
      const key = canonicalKey(login)
      const query = sql<RefusalRow & NullableAccount>`with ${takenTables(takes)}
        select r.refused, r.full_in, u.id, u.username, u.email, u.role, u.created_at, u.disabled_at, u.password_hash,
          coalesce(case when k.user_id is null then u.locked_until else k.locked_until end > now(), false) as is_locked,
          f.confirmed_at is not null as has_second_factor, u.login_epoch
        from (select 1) as one
        left join refusal as r on true
        left join user_account as u on (u.username_key = ${key}::text or u.email_key = ${key}::text) and r.refused is null
        left join known_network as k on k.user_id = u.id and k.network = ${network}::text and ${isFresh}
        left join second_factor as f on f.user_id = u.id`
      const [row] = await executeNamed(db, query)
      if (row === undefined) return { refusal: null, account: null }
      return { refusal: refusalOf(row, takes), account: toAccount(row) }
    },

    /**
     * Counts a failed login, unless it is locked where it came from: what was not judged does not count. What counts
     * nothing, such as that of a user name that nobody has, writes to the log of the database all the same, and waits for it as long.
     */
    async countFailure(
      id: UserId,
      { network, lockout }: { network: string; lockout: Lockout },
    ): Promise<void> {
      const set = sql`failed_logins = failed_logins + 1, locked_until = ${pauseOf(lockout)}`
      const isOpen = sql`(locked_until is null or locked_until <= now())`
      const known = sql`select from known_network as k
        where k.user_id = ${uuidOf(id)}::uuid and k.network = ${network}::text and ${isFresh}`
      const query = sql`with there as (
          update known_network as k set ${set}
          where k.user_id = ${uuidOf(id)}::uuid and k.network = ${network}::text and ${isFresh} and ${isOpen}
          returning k.user_id
        ), elsewhere as (
          update user_account set ${set}
          where id = ${uuidOf(id)}::uuid and ${isOpen} and not exists (${known})
          returning id
        ) select pg_logical_emit_message(true, 'casebook', 'no failure') as written
        where not exists (select from there) and not exists (select from elsewhere)`
      await executeNamed(db, query)
    },

    /** Gives back what a login with the right password took. False when the account was locked meanwhile. */
    async giveBack(id: UserId, { network, takes, epoch }: Success): Promise<boolean> {
      const query = sql<IsOpenRow>`with ${givenBack(takes)}${openTable(id, { network, epoch })}
        select exists (select from open) as is_open`
      const [row] = await executeNamed(db, query)
      return row?.is_open === true
    },

    /**
     * Ends a login of which everything was right, in one statement: starts its session, gives back what it took,
     * forgets failures in a row, and remembers the network. False, and no more than given back, when the account was
     * locked meanwhile, or is in another epoch. Whatever ends sessions locks the account first: it either finds this
     * session, or this login finds the new epoch.
     */
    async succeed(session: NewSession, { network, takes, epoch }: Success): Promise<boolean> {
      const { userId } = session
      const own = sql`user_id = ${uuidOf(userId)}::uuid`
      const query = sql<IsOpenRow>`with ${givenBack(takes)}${openTable(userId, { network, epoch })}, cleared as (
          update user_account set failed_logins = 0, locked_until = null
          where failed_logins > 0 and id = (select id from open where not is_known)
        ), remembered as (
          insert into known_network (user_id, network, used_at)
          select id, ${network}::text, now() from open where is_settled is not true
          on conflict (user_id, network) do update set used_at = now(), failed_logins = 0, locked_until = null
        ), forgotten as (
          delete from known_network where ${own} and network in (
            select network from known_network where ${own} and network <> ${network}::text
            order by used_at desc offset ${sql.lit(mostNetworks - 1)}
          ) and exists (select from open where is_settled is not true)
        ), started as (
          insert into session (id, public_id, user_id, kind, created_at, last_used_at, expires_at, absolute_expires_at,
            address, user_agent)
          select ${session.id}::text, ${uuidOf(session.publicId)}::uuid, id, ${session.kind}::text, now(), now(),
            ${session.expiresAt}::timestamptz, ${session.absoluteExpiresAt}::timestamptz, ${session.address}::text,
            ${session.userAgent}::text
          from open
        )
        select exists (select from open) as is_open`
      const [row] = await executeNamed(db, query)
      return row?.is_open === true
    },

    /** Forgets networks from where nobody has logged in for long. */
    async forgetNetworks(): Promise<void> {
      await sql`delete from known_network as k where not ${isFresh}`.execute(db)
    },
  }
}

type IsOpenRow = { is_open: boolean }

export type Success = {
  readonly network: string
  /** What is still to be given back. */
  readonly takes: readonly Take[]
  /** In which the login began. */
  readonly epoch: number
}

function givenBack(takes: readonly Take[]): RawBuilder<unknown> {
  return takes.length === 0 ? sql`` : sql`${returnedTable(takes)}, `
}

/** The account as `open`, its row locked, unless logins are locked for where the caller comes from, or its epoch is over. */
function openTable(id: UserId, { network, epoch }: Omit<Success, 'takes'>): RawBuilder<unknown> {
  return sql`open as (
    select u.id, k.user_id is not null as is_known,
      k.failed_logins = 0 and k.used_at > now() - interval '1 hour' as is_settled
    from user_account as u
    left join known_network as k on k.user_id = u.id and k.network = ${network}::text and ${isFresh}
    where u.id = ${uuidOf(id)}::uuid and u.login_epoch = ${epoch}::int
      and coalesce(case when k.user_id is null then u.locked_until else k.locked_until end <= now(), true)
    for no key update of u
  )`
}

type NullableAccount = { [Column in keyof UserRow]: UserRow[Column] | null } & {
  password_hash: string | null
  is_locked: boolean
  has_second_factor: boolean
  login_epoch: number
}

function toAccount(row: NullableAccount): LoginAccount | null {
  const { password_hash: passwordHash, is_locked: isLocked, has_second_factor: hasSecondFactor } = row
  if (passwordHash === null) return null
  // The columns of an account come together or not at all.
  return { user: toUser(row as UserRow), passwordHash, isLocked, hasSecondFactor, epoch: row.login_epoch }
}

function pauseOf({ after, firstPauseSeconds, longestPauseSeconds }: Lockout): RawBuilder<unknown> {
  const seconds = sql`least(${longestPauseSeconds}::float8,
    ${firstPauseSeconds}::float8 * 2 ^ least(failed_logins + 1 - ${after}::int, 20))`
  return sql`case when failed_logins + 1 >= ${after}::int then now() + ${seconds} * interval '1 second' end`
}
