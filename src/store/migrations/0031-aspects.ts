import { type Kysely, sql } from 'kysely'

/** An observation tells all its parts by aspect, no longer its images alone; a cause names changes of fields. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, column] of OBSERVATIONS) await byAspect(db, table, column)
  for (const table of ['run_requests', 'runs']) await changesOfFields(db, table)
}

const OBSERVATIONS = [
  ['observations', 'body'],
  ['workload_changes', 'before'],
  ['workload_changes', 'after']
] as const

async function byAspect(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  const body = sql.ref(column)
  await sql`update ${sql.table(table)} set ${body} = (${body} - 'images' - 'labels' - 'annotations') || jsonb_build_object(
    'aspects', jsonb_build_object('image', ${body} -> 'images', 'labels', ${body} -> 'labels', 'annotations', ${body} -> 'annotations'))
    where ${body} ? 'images'`.execute(db)
}

async function changesOfFields(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`update ${sql.table(table)} set cause = (cause - 'images') || jsonb_build_object('changes', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'aspect', 'image', 'key', image -> 'container', 'before', image -> 'before', 'after', image -> 'after')), '[]')
    from jsonb_array_elements(cause -> 'images') as image))
    where cause ->> 'kind' = 'workload-change' and cause ? 'images'`.execute(db)
}
