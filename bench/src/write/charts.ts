import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Line, Outcome } from '../outcome.ts'
import { roundOff } from '../report.ts'

type Panel = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number]

const oursColour = '#0b7285'
const othersColour = '#adb5bd'

/** Draws the bars of a scenario, a panel for each work and unit, as SVG. */
export async function drawChart({ title, lines }: Outcome): Promise<string> {
  const panels = Map.groupBy(lines, ({ work, unit }) => `${work}, ${unit}`)
  const spec: TopLevelSpec = {
    background: 'white',
    padding: 12,
    title: { text: title, anchor: 'start', fontSize: 13, offset: 12 },
    vconcat: [...panels].map(([panel, bars]) => panelOf(panel, bars)),
    config: { font: 'sans-serif', view: { stroke: null } },
  }
  return `${await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()}\n`
}

function panelOf(panel: string, lines: readonly Line[]): Panel {
  const most = Math.max(...lines.map(({ amount }) => amount))
  return {
    title: { text: panel, anchor: 'start', fontSize: 11, fontWeight: 'normal', frame: 'group' },
    width: 420,
    height: { step: 22 },
    data: { values: lines.map((line, place) => barOf(line, place)) },
    encoding: {
      y: {
        field: 'place',
        type: 'ordinal',
        title: null,
        axis: { labelExpr: labelsOf(lines), labelLimit: 280, ticks: false, domain: false },
      },
      // Room for the figure beside the longest bar.
      x: {
        field: 'amount',
        type: 'quantitative',
        title: null,
        scale: { domain: [0, most * 1.2] },
        axis: null,
      },
    },
    layer: [
      {
        mark: { type: 'bar', cornerRadiusEnd: 2 },
        encoding: { color: { field: 'colour', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  }
}

function barOf({ amount, isOurs }: Line, place: number): Record<string, string | number> {
  return { place, amount, label: roundOff(amount), colour: isOurs ? oursColour : othersColour }
}

/** Bars stand in our order, one for each line, and are called by the contenders' names. */
function labelsOf(lines: readonly Line[]): string {
  return `${JSON.stringify(lines.map(({ who }) => who))}[datum.value]`
}
