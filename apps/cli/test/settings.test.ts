import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readSettings } from '../src/settings.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-settings-'))
  mkdirSync(join(folder, 'config'))
  mkdirSync(join(folder, 'project/deep/down'), { recursive: true })
  vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'project/deep/down'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content))
const env = () => ({ CASEBOOK_CONFIG_DIR: join(folder, 'config') })
const projectFile = 'project/casebook.json'
const url = (name: string) => `https://${name}.example`

test('flags go before the environment, the project, the user, and defaults', () => {
  const seen: string[] = []
  const look = (flags: object = {}, more: object = {}) => {
    const { all } = readSettings(flags, { ...env(), ...more })
    seen.push(`${all.url.value} ${all.url.origin.replace(folder, '')}`)
  }
  look()
  write('config/config.json', { profiles: { default: { url: url('user') } } })
  look()
  write(projectFile, { url: url('project') })
  look()
  look({}, { CASEBOOK_URL: url('env') })
  look({ url: url('flag') }, { CASEBOOK_URL: url('env') })
  expect(seen).toEqual([
    'http://127.0.0.1:3000 default',
    'https://user.example /config/config.json',
    'https://project.example /project/casebook.json',
    'https://env.example CASEBOOK_URL',
    'https://flag.example --url',
  ])
})

test('a profile has settings of its own, and is chosen in the same order', () => {
  write('config/config.json', {
    profile: 'work',
    profiles: { work: { output: 'json' }, home: { output: 'csv', store: 'file' } },
  })
  expect(readSettings({}, env())).toMatchObject({ profile: 'work', output: 'json', store: null })
  write(projectFile, { profile: 'home' })
  expect(readSettings({}, env())).toMatchObject({ profile: 'home', output: 'csv', store: 'file' })
  expect(readSettings({ profile: 'other' }, env())).toMatchObject({ profile: 'other', output: 'table' })
})

test.each([
  [{ token: 'x' }, '«token» does not belong there'],
  [{ store: 'file' }, '«store» does not belong there'],
  [{ url: 1 }, '«url» is no text'],
  [{ url: 'ftp://x' }, 'is no address of a server'],
  [{ output: 'xml' }, 'There is no output «xml»'],
])('a project that says %j is refused', (content, why) => {
  write(projectFile, content)
  expect(() => readSettings({}, env())).toThrow(why)
})
