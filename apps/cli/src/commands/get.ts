import { printOne } from '../output/print.ts'
import type { Resource } from '../resources.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook … get <id>` */
export async function get(settings: Settings, resource: Resource, id: string): Promise<void> {
  const value = await resource.get(connect(settings), id)
  await printOne(value, { output: settings.output, columns: resource.fields })
}
