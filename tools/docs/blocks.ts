import type { Violation } from '../check/violation.ts'
import type { Page } from './page.ts'

/** Makes a part of a page, by its name. */
export type Blocks = Readonly<Record<string, () => string>>

export interface Filled {
  /** the page with its generated parts as they should be */
  text: string
  violations: Violation[]
}

const BEGIN = /^<!-- generated: ([a-z-]+) -->$/
const END = '<!-- end of generated -->'

/** Generated parts stand between two comments, so that what people write stays around them. */
export function fillBlocks(page: Page, blocks: Blocks): Filled {
  const violations: Violation[] = []
  const lines: string[] = []
  const source = page.text.split('\n')
  let at = 0
  while (at < source.length) {
    const line = source[at] ?? ''
    const name = BEGIN.exec(line)?.[1]
    lines.push(line)
    at += 1
    if (name === undefined) continue
    const end = source.indexOf(END, at)
    const make = blocks[name]
    if (end < 0 || make === undefined) {
      const message = end < 0 ? `the generated part ${name} has no end` : `nothing is generated as ${name}`
      violations.push({ rule: 'generated', path: page.path, line: at, message })
      continue
    }
    lines.push('', make(), '', END)
    at = end + 1
  }
  return { text: lines.join('\n'), violations }
}

/** What is generated must be read by somebody. */
export function unusedBlocks(pages: readonly Page[], blocks: Blocks): Violation[] {
  const used = new Set(pages.flatMap(({ text }) => text.split('\n').map((line) => BEGIN.exec(line)?.[1])))
  return Object.keys(blocks)
    .filter((name) => !used.has(name))
    .map((name) => ({ rule: 'generated', path: 'docs', message: `no page has the generated part ${name}` }))
}
