import { mkdtempSync, chmodSync, writeFileSync } from 'node:fs'
import { openCluster } from '../src/setup/cluster.ts'
import { makeLookups } from '../src/setup/lookups.ts'
const folder = mkdtempSync('/tmp/hold-')
chmodSync(folder, 0o711)
const cluster = await openCluster(folder, null)
const bench: any = {
  options: { sizes: { books: 100000, patients: 1000, lookups: 100000 } },
  cluster,
  folder,
  say: console.log,
}
const b = performance.now()
const l = await makeLookups(bench)
console.log('filled', performance.now() - b)
writeFileSync('/tmp/hold-url', l.url)
console.log(l.url)
setInterval(() => {}, 1e6)
