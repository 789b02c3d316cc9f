import { readFileSync } from 'node:fs'
import pg from 'pg'
const url = readFileSync('/tmp/hold-url', 'utf8')
const c = new pg.Client({ connectionString: url })
await c.connect()
const cols = `b.id, b.title, b.subtitle, b.isbn13, b.language, b.published_on, b.status, b.description, b.subjects, b.created_at, b.updated_at, b.version`
const v: Record<string, string> = {
  corr: `select ${cols}, coalesce((select json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position) from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id), '[]'::json) as contributors from book b where b.status='published' and b.id < $2 order by b.id desc limit $1`,
  group: `with p as materialized (select * from book b where b.status='published' and b.id < $2 order by b.id desc limit $1), k as (select c.book_id, json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position) j from book_contributor c join author a on a.id=c.author_id where c.book_id = any(array(select id from p)) group by 1) select ${cols}, coalesce(k.j,'[]'::json) contributors from p b left join k on k.book_id=b.id order by b.id desc`,
  lateral: `select ${cols}, k.contributors from (select * from book b where b.status='published' and b.id < $2 order by b.id desc limit $1) b left join lateral (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position),'[]'::json) as contributors from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id) k on true order by b.id desc`,
  corrlim: `select ${cols}, coalesce((select json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position) from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id), '[]'::json) as contributors from (select * from book b where b.status='published' and b.id < $2 order by b.id desc limit $1) b order by b.id desc`,
}
const ids = (await c.query(`select id from book order by random() limit 500`)).rows.map((r) => r.id)
for (let round = 0; round < 3; round++)
  for (const [n, text] of Object.entries(v)) {
    const b = performance.now()
    for (let i = 0; i < 300; i++) await c.query({ name: n, text, values: [100, ids[i]] })
    console.log(n, ((performance.now() - b) / 300).toFixed(3), 'ms')
  }
const e = (
  await c.query(`explain (analyze, buffers) ` + v.corr!.replace('$2', `'${ids[0]}'`).replace('$1', '100'))
).rows
  .map((r) => r['QUERY PLAN'])
  .join('\n')
console.log(e)
await c.end()
