import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Violation } from '../check/violation.ts'
import { code, codes, table } from './markdown.ts'

interface Table {
  name: string
  /** the room that alone writes it */
  owner: string
  columns: string[]
  /** room → what it does with rows of it */
  writers: ReadonlyMap<string, readonly string[]>
}

/** What an editor or an agent reports is inserted by the API, so that it is durable before it is acknowledged. */
const ALSO_BY_API = ['editRequests', 'facts', 'observations']
/** runs has a file of its own; an owner's tables stand in a section named after it */
const SCHEMA = ['src/store/schema.ts', 'src/store/runs/tables.ts']
const VERBS = { insertInto: 'insert', updateTable: 'update', deleteFrom: 'delete' } as const

function tablesOf(root: string): Table[] {
  const schema = SCHEMA.map((path) => readFileSync(join(root, path), 'utf8')).join('\n')
  const writers = writersOf(root)
  const database = /export interface Database \{([^}]*)\}/.exec(schema)?.[1] ?? ''
  return [...database.matchAll(/(\w+): (\w+)/g)].map(([, name = '', type = '']) => ({
    name,
    ...shapeOf(schema, type),
    writers: writers.get(name) ?? new Map()
  }))
}

/** Whoever writes a table of another room. */
export function secondWriters(root: string): Violation[] {
  return tablesOf(root).flatMap(({ name, owner, writers }) =>
    [...writers.keys()]
      .filter((room) => room !== owner && !(room === 'api' && ALSO_BY_API.includes(name)))
      .map((room) => ({
        rule: 'one-writer',
        path: `src/store/${room}`,
        message: `${name} belongs to ${owner}, ${room} writes it too`
      }))
  )
}

export function tableReference(root: string): string {
  return table(
    ['table', 'owner', 'written by', 'columns'],
    tablesOf(root).map(({ name, owner, writers, columns }) => [
      code(snake(name)),
      owner,
      [...writers].map(([room, verbs]) => `${room}: ${verbs.join(', ')}`).join('; '),
      codes(columns.map(snake))
    ])
  )
}

export function ownersList(root: string): string {
  const byOwner = Map.groupBy(tablesOf(root), ({ owner }) => owner)
  const rows = [...byOwner].map(([owner, tables]) => [owner, codes(tables.map(({ name }) => snake(name)))])
  return table(['owner', 'tables'], rows)
}

/** The section of the schema that an interface stands in is named after its owner. */
function shapeOf(schema: string, type: string): { owner: string; columns: string[] } {
  const start = schema.indexOf(`export interface ${type} {`)
  const body = schema.slice(start, schema.indexOf('\n}', start))
  const owner = [...schema.slice(0, start).matchAll(/^\/\* (\w+) \*\/$/gm)].at(-1)?.[1] ?? ''
  if (start < 0 || owner === '')
    throw new Error(`${SCHEMA.join(' and ')} have no section with ${type}: mend tools/docs`)
  return { owner, columns: [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name) }
}

function writersOf(root: string): Map<string, Map<string, string[]>> {
  const writers = new Map<string, Map<string, string[]>>()
  for (const { room, text } of storeSources(root)) {
    for (const [, verb = '', name = ''] of text.matchAll(/\b(insertInto|updateTable|deleteFrom)\('(\w+)'\)/g)) {
      const rooms = writers.get(name) ?? new Map<string, string[]>()
      const verbs = new Set([...(rooms.get(room) ?? []), VERBS[verb as keyof typeof VERBS]])
      writers.set(
        name,
        rooms.set(
          room,
          Object.values(VERBS).filter((known) => verbs.has(known))
        )
      )
    }
  }
  return writers
}

function storeSources(root: string): { room: string; text: string }[] {
  return readdirSync(join(root, 'src/store'), { recursive: true, encoding: 'utf8' })
    .toSorted()
    .filter(
      (path) => /^[a-z]+\/[\w-]+\.ts$/.test(path) && !path.includes('.test.') && !/^(migrations|embedded)\//.test(path)
    )
    .map((path) => ({
      room: path.slice(0, path.indexOf('/')),
      text: readFileSync(join(root, 'src/store', path), 'utf8')
    }))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
