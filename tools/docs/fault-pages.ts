import type { Violation } from '../check/violation.ts'
import type { Page } from './page.ts'

const CRASH = '## How it ends after a crash'
const LAST = 'Read first:'

export function faultPath(name: string): string {
  return `src/faults/${name}/README.md`
}

/** How a fault ends when the agent or the machine dies, as its page says it; empty: the page says nothing of it. */
export function crashText(page: string): string {
  const [, after = ''] = page.split(`\n${CRASH}\n`)
  return (after.split(/\n(?:#|Read first:)/)[0] ?? '').trim()
}

/** Each fault has a page: its name, its proof as its schema has it, how it ends after a crash, what to read first. */
export function faultPageGaps(faults: readonly { name: string; proof: string }[], pages: readonly Page[]): Violation[] {
  return faults.flatMap(({ name, proof }) => {
    const path = faultPath(name)
    const text = pages.find((page) => page.path === path)?.text ?? ''
    const flat = text.replace(/\s+/g, ' ')
    const wanted: [string, boolean][] = [
      [`# ${name}`, text.startsWith(`# ${name}\n`)],
      [`Proof: *${proof}*`, flat.includes(`Proof: *${proof}*`)],
      [CRASH, crashText(text) !== ''],
      [LAST, text.includes(`\n${LAST}`)]
    ]
    return wanted.flatMap(([part, there]) =>
      there ? [] : [{ rule: 'fault-pages', path, message: `"${part}" is missing, or has nothing below it` }]
    )
  })
}
