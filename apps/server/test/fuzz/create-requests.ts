import type { Access } from '@casebook/api'
import { createBases, type Base } from './base.ts'
import { bendBody } from './bend-body.ts'
import { bendHead } from './bend-head.ts'
import { bendTarget, forgeCursor } from './bend-target.ts'
import { createDice, type Dice } from './dice.ts'
import type { FuzzRequest } from './request.ts'
import { actors, type Actor, type Canary, type Credential, type World } from './world.ts'

/** A cursor that a list has given, and the request that it belongs to. */
export type Page = Pick<FuzzRequest, 'of' | 'target' | 'actor'> & { readonly cursor: string }

/** Every so many requests one looks at a canary. */
const lookEvery = 50

/** Makes request after request; the same number gives the same one, but for the ids of what there is. */
export function createRequests(world: World, { seed, pages }: { seed: number; pages: readonly Page[] }) {
  const makeBase = createBases(world, seed)
  const looks = world.canaries.flatMap(lookAt)
  return (index: number): FuzzRequest => {
    const look = index % lookEvery === 0 ? looks[(index / lookEvery) % looks.length] : undefined
    if (look !== undefined) return look
    const dice = createDice(Math.imul(seed, 0x9e3779b1) + index)
    // The first outcomes of neighbours are alike.
    dice.below(2)
    const page = pages[dice.below(pages.length * 40)]
    return page === undefined ? sparing(bent(plain(makeBase(dice), dice), dice), world) : forged(page, dice)
  }
}

/** Reads that show a canary to its seers, as they are: where nobody ever saw one, its being hidden would show nothing. */
function lookAt({ seers, shownAt }: Canary): FuzzRequest[] {
  return shownAt.flatMap((target) =>
    seers.map((actor) => {
      const form = { method: 'GET', headers: [], body: null }
      return { of: 'canary', target, actor, credential: 'bearer' as const, ...form }
    }),
  )
}

/** Half of the callers are such as may call. */
function plain({ access = 'public', ...base }: Base, dice: Dice): FuzzRequest {
  const credential: Credential = dice.isLucky(0.8) ? 'bearer' : 'cookie'
  const callers = dice.isLucky(0.5) ? actors.filter((actor) => mayCall(actor, access)) : actors
  return { ...base, actor: dice.pick(callers as [Actor, ...Actor[]]), credential }
}

function mayCall(actor: Actor, access: Access): boolean {
  if (access === 'public') return true
  if (access === 'user') return actor !== 'nobody'
  const roles: readonly string[] = 'roles' in access ? [...access.roles, 'linked', 'holder'] : access
  return roles.includes(actor === 'otherAuthor' ? 'author' : actor)
}

/** Two thirds of the requests are bent, at up to three places. */
function bent(request: FuzzRequest, dice: Dice): FuzzRequest {
  let result = request
  for (let bends = dice.below(6) - 2; bends > 0; bends -= 1) {
    const place = dice.below(result.body === null ? 5 : 10)
    if (place < 2) result = bendHead(result, dice)
    else if (place < 5) result = bendTarget(result, dice)
    else result = { ...result, body: bendBody(result.body ?? Buffer.alloc(0), dice) }
  }
  return result
}

function forged({ of, target, actor, cursor }: Page, dice: Dice): FuzzRequest {
  const query = `cursor=${forgeCursor(cursor, dice)}`
  const credential: Credential = dice.pick(['bearer', 'cookie'])
  return {
    of,
    method: 'GET',
    target: `${target}&${query}`,
    actor,
    credential,
    headers: [],
    body: null,
    isForged: true,
  }
}

/** What holds a canary is not changed by those who may: else others might rightly see it afterwards. */
function sparing(request: FuzzRequest, { canaries }: World): FuzzRequest {
  const sent = `${request.target}${request.body?.toString('utf8') ?? ''}`
  const isSpared = canaries.some(
    ({ seers, ids }) => seers.includes(request.actor) && ids.some((id) => sent.includes(id)),
  )
  return isSpared && !['GET', 'HEAD'].includes(request.method) ? { ...request, actor: 'nobody' } : request
}
