import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IMPORT_TABLE, SIDE_DOORS } from '../check/import-table.ts'
import { code, table } from './markdown.ts'

/** The rooms that are there, as their own pages and the import table describe them. */
export function roomTable(root: string): string {
  const rooms = Object.entries(IMPORT_TABLE).filter(([room]) => existsSync(join(root, 'src', room)))
  return table(
    ['room', 'purpose', 'touches', 'may import'],
    rooms.map(([room, { imports, types = [] }]) => {
      const page = readFileSync(join(root, 'src', room, 'README.md'), 'utf8')
      const there = (name: string) => existsSync(join(root, 'src', name))
      const kinds = [...imports.filter(there), ...types.filter(there).map((name) => `${name} (types)`)]
      return [`[${room}](src/${room}/README.md)`, purposeOf(page), touchesOf(page), kinds.join(', ') || '–']
    })
  )
}

export function sideDoors(root: string): string {
  return table(
    ['side door', 'who has the key'],
    SIDE_DOORS.filter(({ file }) => existsSync(join(root, 'src', file))).map(({ file, rooms }) => [
      code(`src/${file}`),
      rooms.join(', ')
    ])
  )
}

/** The first sentence below the title. */
function purposeOf(page: string): string {
  const paragraph = page.split(/\n\s*\n/)[1]?.replaceAll('\n', ' ') ?? ''
  return /^.*?\.(?= [A-Z]|$)/.exec(paragraph)?.[0] ?? paragraph
}

function touchesOf(page: string): string {
  const text = /^(?:- )?Touches:? ([\s\S]*?)(?=\n- |\n\n|$(?![\s\S]))/m.exec(page)?.[1] ?? ''
  return text.replaceAll(/\n\s*/g, ' ').replace(/(\.|; owns).*$/, '')
}
