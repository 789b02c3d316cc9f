import { describe, expect, test } from 'vitest'
import { mergeRuns, type Run } from './runs.ts'

describe('Runs', () => {
  test('put a new run in the place of the old one, and keep the others', () => {
    const merged = mergeRuns([run('pages', 'then'), run('one', 'then')], [run('pages', 'now')])
    expect(merged).toEqual([run('pages', 'now'), run('one', 'then')])
  })

  test('drop what no scenario is called any more', () => {
    expect(mergeRuns([run('gone', 'then')], [])).toEqual([])
  })
})

function run(scenario: string, machine: string): Run {
  return { machine, outcome: { scenario, title: scenario, lines: [], goals: [] } }
}
