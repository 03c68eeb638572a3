import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Violation } from '../check/violation.ts'
import type { Page } from './page.ts'

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g
const ELSEWHERE = /^[a-z][a-z0-9+.-]*:/i

/** Links of pages to files that are not there, or to headings that the page does not have. */
export function brokenLinks(root: string, pages: readonly Page[]): Violation[] {
  const known = new Map(pages.map((page) => [page.path, page]))
  return pages.flatMap((page) =>
    linksOf(page.text).flatMap(({ target, line }) => {
      const message = ELSEWHERE.test(target) ? null : problemOf(root, { page, target, known })
      return message === null ? [] : [{ rule: 'links', path: page.path, line, message }]
    })
  )
}

interface Case {
  page: Page
  target: string
  known: ReadonlyMap<string, Page>
}

function problemOf(root: string, { page, target, known }: Case): string | null {
  const [file = '', heading] = target.split('#')
  const path = file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)))
  if (path.startsWith('..') || !existsSync(join(root, path))) return `${target} is not there`
  if (heading === undefined || statSync(join(root, path)).isDirectory()) return null
  const text = known.get(path)?.text
  return text === undefined || headingsOf(text).includes(heading) ? null : `${target}: there is no such heading`
}

/** Code is no text: what looks like a link in it is none. */
function linksOf(text: string): { target: string; line: number }[] {
  return withoutCode(text).flatMap((line, index) =>
    [...line.matchAll(LINK)].map(([, target = '']) => ({ target, line: index + 1 }))
  )
}

function withoutCode(text: string): string[] {
  let fenced = false
  return text.split('\n').map((line) => {
    const fence = /^\s*(```|~~~)/.test(line)
    if (fence) fenced = !fenced
    return fenced || fence ? '' : line.replace(/`[^`]*`/g, '')
  })
}

/** As the hosts of repositories name them: lower case, words joined by dashes. */
function headingsOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-')
    )
}
