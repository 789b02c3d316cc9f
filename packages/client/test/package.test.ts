import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const here = join(import.meta.dirname, '..')
const root = join(here, '../..')

type Manifest = { readonly packageManager: string }

describe('the package as it is published', () => {
  let folder: string
  let tarball: Buffer
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'casebook-pack-'))
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
    const packed = spawnSync('npx', ['--yes', packageManager, 'pack', '--pack-destination', folder], {
      cwd: here,
      encoding: 'utf8',
    })
    expect(packed.status, packed.stderr + packed.stdout).toBe(0)
    const [name = ''] = readdirSync(folder)
    tarball = readFileSync(join(folder, name))
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('is without a fault by publint', async () => {
    const bytes = new Uint8Array(tarball).buffer
    const { messages, pkg } = await publint({ pack: { tarball: bytes } })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('has types that resolve, for what takes ES modules', async () => {
    const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)))
    const problems = checked.types === false ? ['no types'] : checked.problems
    // `require` is not served: Node takes ES modules by it, too.
    expect(
      problems.filter((problem) => typeof problem === 'string' || problem.kind !== 'CJSResolvesToESM'),
    ).toEqual([])
  })

  test('has nothing of the server in code or types', () => {
    const text = gunzipSync(tarball).toString('utf8')
    const named = text.matchAll(/from ['"]([^.'"][^'"]*)['"]/g)
    const others = new Set(Array.from(named, ([, name]) => name))
    // The package's own name stands in its README.
    expect([...others].toSorted()).toEqual(['@casebook/client', '@trpc/client'])
    expect(text).not.toMatch(/fastify|kysely|argon2|postgres|\bzod\b/)
  })

  test('adds at most 10 kB to a bundle', async () => {
    const bundled = await build({
      entryPoints: [join(here, 'src/index.ts')],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['import'],
    })
    const [file] = bundled.outputFiles
    const size = gzipSync(file?.contents ?? '', { level: 9 }).length
    console.log(`client: ${size} bytes compressed in a bundle, ${tarball.length} as a package`)
    expect(size).toBeGreaterThan(1000)
    expect(size).toBeLessThanOrEqual(10_000)
  })
})
