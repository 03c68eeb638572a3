import { readFileSync, writeFileSync } from 'node:fs'
import { faultSchemas } from '../src/faults/index.ts'
import { print } from './check/violation.ts'
import { fillBlocks, unusedBlocks } from './docs/blocks.ts'
import { createBlocks } from './docs/catalogue-of-blocks.ts'
import { chartRights } from './docs/chart-rights.ts'
import { faultPageGaps } from './docs/fault-pages.ts'
import { brokenLinks } from './docs/links.ts'
import { readPages } from './docs/page.ts'
import { secondWriters } from './docs/tables.ts'

/**
 * Writes the generated parts of the documentation and of the agent's chart; `--check` only says what is out of date. Both look for links that
 * lead nowhere, for pages of faults that lack a part, and for tables with two writers.
 */
const root = process.cwd()
const checking = process.argv.includes('--check')
const FEWEST_PAGES = 30
const OUT_OF_DATE = 'a generated part is out of date; run: npm run docs'

const blocks = createBlocks(root)
const pages = readPages(root).map((page) => ({ page, filled: fillBlocks(page, blocks) }))
const CHART_RIGHTS = 'deploy/charts/faultline-agent/rights.yaml'
const wanted = [
  ...pages.map(({ page, filled }) => ({ path: page.path, text: page.text, wanted: filled.text })),
  { path: CHART_RIGHTS, text: readFileSync(`${root}/${CHART_RIGHTS}`, 'utf8'), wanted: chartRights() }
]
const stale = wanted.filter(({ text, wanted }) => text !== wanted)
if (!checking) for (const { path, wanted } of stale) writeFileSync(`${root}/${path}`, wanted)

const violations = [
  ...pages.flatMap(({ filled }) => filled.violations),
  ...unusedBlocks(
    pages.map(({ page }) => page),
    blocks
  ),
  ...(checking ? stale.map(({ path }) => ({ rule: 'generated', path, message: OUT_OF_DATE })) : []),
  ...brokenLinks(
    root,
    pages.map(({ page, filled }) => ({ path: page.path, text: filled.text }))
  ),
  ...faultPageGaps(
    faultSchemas,
    pages.map(({ page }) => page)
  ),
  ...secondWriters(root)
]
print(violations)
if (pages.length < FEWEST_PAGES)
  process.stderr.write(`only ${pages.length} pages were seen of at least ${FEWEST_PAGES}: the check itself is broken\n`)
const did = checking ? `${stale.length} out of date` : `${stale.length} written`
process.stdout.write(`docs: ${pages.length} pages, ${did}, ${violations.length} violations\n`)
process.exitCode = violations.length === 0 && pages.length >= FEWEST_PAGES ? 0 : 1
