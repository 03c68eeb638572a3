import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const PORTAL = join(import.meta.dirname, '../../dist/portal')
const LIMIT_KB = 250

/** Words that stand only in what is loaded when it is needed. */
const LAZY = { editor: 'cm-scroller', graph: 'react-flow__node' }

test('the first page needs less than 250 kB of script, and neither editor nor graph', async () => {
  const entry =
    /<script[^>]+src="\/assets\/([^"]+)"/.exec(await readFile(join(PORTAL, 'index.html'), 'utf8'))?.[1] ?? ''
  const overview = (await readdir(join(PORTAL, 'assets'))).find((name) => /^overview-page-.*\.js$/.test(name)) ?? ''
  const scripts = await withImports([entry, overview])
  const kilobytes = [...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0) / 1000
  expect(scripts.size).toBeGreaterThan(3)
  expect(kilobytes).toBeLessThan(LIMIT_KB)
  for (const [what, word] of Object.entries(LAZY)) {
    expect(
      [...scripts].filter(([, text]) => text.includes(word)).map(([name]) => name),
      what
    ).toEqual([])
    expect(
      (await allScripts()).some((text) => text.includes(word)),
      `${what} is known by "${word}"`
    ).toBe(true)
  }
})

/** The files and what they import at once, with their texts. */
async function withImports(names: readonly string[], found = new Map<string, string>()): Promise<Map<string, string>> {
  for (const name of names) {
    if (found.has(name)) continue
    const text = await readFile(join(PORTAL, 'assets', name), 'utf8')
    found.set(name, text)
    const imports = [...text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map(([, file]) => file ?? '')
    await withImports(imports, found)
  }
  return found
}

async function allScripts(): Promise<string[]> {
  const names = (await readdir(join(PORTAL, 'assets'))).filter((name) => name.endsWith('.js'))
  return Promise.all(names.map((name) => readFile(join(PORTAL, 'assets', name), 'utf8')))
}
