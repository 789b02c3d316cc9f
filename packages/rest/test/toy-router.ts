import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { Precondition, ProcedureMeta } from '../src/index.ts'

/** A garden and its plants: nothing to do with any product. */
export const Plant = z.object({
  id: z.string(),
  name: z.string(),
  height: z.number().optional(),
  tags: z.array(z.string()),
})
export type Plant = z.infer<typeof Plant>
const PlantPage = z.object({ items: z.array(Plant), nextCursor: z.string().nullable() })

export type ToyContext = {
  readonly user: string | null
  readonly plants: Map<string, Plant>
  readonly precondition: Precondition | undefined
  /** Set when a stream was ended by its reader. */
  readonly closed: string[]
}

const t = initTRPC.context<ToyContext>().meta<ProcedureMeta>().create()
const onlyUsers = t.procedure.use(({ ctx, next }) => {
  if (ctx.user === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next()
})

const Filter = z.strictObject({ tag: z.string().optional(), tall: z.boolean().optional() })
const Paging = { limit: z.int().min(1).max(1000).default(50), cursor: z.string().optional() }

export const toyRouter = t.router({
  list: t.procedure
    .meta({ rest: { method: 'GET', path: '/plants', list: { stream: 'stream' }, emptyIsNotFound: ['tag'] } })
    .input(Filter.extend(Paging))
    .output(PlantPage)
    .query(({ ctx, input }) => {
      const all = select(ctx, input)
      const start = input.cursor === undefined ? 0 : Number(input.cursor)
      const end = start + input.limit
      return { items: all.slice(start, end), nextCursor: end < all.length ? String(end) : null }
    }),
  stream: t.procedure.input(Filter).query(async function* ({ ctx, input }) {
    try {
      for (const plant of select(ctx, input)) yield plant
    } finally {
      ctx.closed.push('stream')
    }
  }),
  get: t.procedure
    .meta({ rest: { method: 'GET', path: '/plants/{id}' } })
    .input(z.strictObject({ id: z.string() }))
    .output(Plant)
    .query(({ ctx, input }) => found(ctx, input.id)),
  create: onlyUsers
    .meta({ rest: { method: 'POST', path: '/plants', status: 201, location: '/plants/{id}' } })
    .input(z.strictObject({ name: z.string().min(1), height: z.number().optional() }))
    .output(Plant)
    .mutation(({ ctx, input }) => {
      const plant = { ...input, id: `p${ctx.plants.size}`, tags: [] }
      ctx.plants.set(plant.id, plant)
      return plant
    }),
  update: onlyUsers
    .meta({ rest: { method: 'PATCH', path: '/plants/{id}' } })
    .input(z.strictObject({ id: z.string(), name: z.string() }))
    .output(Plant)
    .mutation(({ ctx, input }) => {
      const plant = found(ctx, input.id)
      if (ctx.precondition?.holds(plant) === false) throw new TRPCError({ code: 'PRECONDITION_FAILED' })
      const changed = { ...plant, ...input }
      ctx.plants.set(input.id, changed)
      return changed
    }),
  delete: onlyUsers
    .meta({ rest: { method: 'DELETE', path: '/plants/{id}' } })
    .input(z.strictObject({ id: z.string() }))
    .output(z.null())
    .mutation(({ ctx, input }) => {
      ctx.plants.delete(found(ctx, input.id).id)
      return null
    }),
  byColour: t.procedure
    .meta({ rest: { method: 'GET', path: '/things/{colour}', match: { colour: '^colour-' } } })
    .input(z.strictObject({ colour: z.string() }))
    .output(z.object({ colour: z.string() }))
    .query(({ input }) => input),
  byNumber: t.procedure
    .meta({ rest: { method: 'GET', path: '/things/{number}', match: { number: '^\\d+$' } } })
    .input(z.strictObject({ number: z.int() }))
    .output(z.object({ number: z.int() }))
    .query(({ input }) => input),
  broken: t.procedure
    .meta({ rest: { method: 'GET', path: '/broken' } })
    .output(z.object({}))
    .query(() => {
      throw new Error('secret of the database')
    }),
})

function select(ctx: ToyContext, { tag, tall }: z.infer<typeof Filter>): Plant[] {
  return [...ctx.plants.values()].filter(
    (plant) =>
      (tag === undefined || plant.tags.includes(tag)) &&
      (tall === undefined || (plant.height ?? 0) > 100 === tall),
  )
}

function found(ctx: ToyContext, id: string): Plant {
  const plant = ctx.plants.get(id)
  if (plant === undefined) throw new TRPCError({ code: 'NOT_FOUND', message: 'There is no such plant.' })
  return plant
}
