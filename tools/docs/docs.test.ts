import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { parseObject } from '../../src/local/spec/object-spec.ts'
import { catalogue } from '../../src/main/catalogue.ts'
import { compileDefinition } from '../../src/manifest/index.ts'
import { fillBlocks, unusedBlocks } from './blocks.ts'
import { faultPageGaps } from './fault-pages.ts'
import { brokenLinks } from './links.ts'
import { readPages } from './page.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-docs-'))
  folders.push(folder)
  return folder
}

describe('generated parts', () => {
  const blocks = { colours: () => 'red\ngreen' }
  const page = (inner: string) => ({
    path: 'a.md',
    text: `# A\n\n<!-- generated: colours -->\n${inner}\n<!-- end of generated -->\n\nmine\n`
  })

  test('are made again between their comments; what people wrote stays', () => {
    const { text, violations } = fillBlocks(page('old'), blocks)
    expect(violations).toEqual([])
    expect(text).toBe(page('\nred\ngreen\n').text)
    expect(fillBlocks({ path: 'a.md', text }, blocks).text).toBe(text)
  })

  test('without an end, or of an unknown name, are violations and change nothing', () => {
    const open = { path: 'a.md', text: '<!-- generated: colours -->\nmine' }
    expect(fillBlocks(open, blocks)).toMatchObject({ text: open.text, violations: [{ line: 1 }] })
    expect(fillBlocks(page('old'), {}).violations).toHaveLength(1)
    expect(fillBlocks(page('old'), {}).text).toBe(page('old').text)
  })

  test('must be on a page', () => {
    expect(unusedBlocks([page('')], blocks)).toEqual([])
    expect(unusedBlocks([], blocks)).toHaveLength(1)
  })
})

test('the examples of the guides are valid, without a warning', () => {
  const example = (name: string) => readFileSync(join('docs/guides/examples', name), 'utf8')
  for (const workflow of ['cart-resilience', 'careful-release']) {
    const compiled = compileDefinition(example(`${workflow}.yaml`), { catalogue, parameters: {} })
    expect(compiled).toMatchObject({ ok: true, problems: [], plan: { workflow } })
  }
  const objects = parseAllDocuments(example('cart.yaml')).map((document) => document.toJS() as unknown)
  expect(objects.map((object, position) => parseObject(object, position).warnings)).toEqual([[], []])
})

test('a page of a fault that lacks a part is found', () => {
  const crash = '## How it ends after a crash\n\nIt does not.\n'
  const text = `# slow\n\nSlows. Proof: *effect*.\n\n${crash}\nRead first: \`schema.ts\`.\n`
  const gaps = (page: string, proof = 'effect') =>
    faultPageGaps([{ name: 'slow', proof }], [{ path: 'src/faults/slow/README.md', text: page }]).map(
      ({ message }) => message.split('"')[1]
    )
  expect(gaps(text)).toEqual([])
  expect(gaps(text, 'experimental')).toEqual(['Proof: *experimental*'])
  expect(gaps(text.replace('It does not.', ''))).toEqual(['## How it ends after a crash'])
  expect(gaps('')).toHaveLength(4)
})

test('links to files and headings that are not there are found; code and other hosts are left alone', () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'docs'))
  writeFileSync(join(folder, 'docs/b.md'), '## The *second* page: really\n')
  const text = [
    '[here](docs/b.md) [also](docs/b.md#the-second-page-really) [folder](docs) [web](https://example.com/x.md)',
    '[gone](docs/c.md) ![picture](x.png)',
    '[no heading](docs/b.md#third) [above](../up.md)',
    '`[code](no.md)`',
    '```',
    '[code](no.md)',
    '```'
  ].join('\n')
  writeFileSync(join(folder, 'a.md'), text)
  const found = brokenLinks(folder, readPages(folder)).map(({ path, line, message }) => `${path}:${line} ${message}`)
  expect(found).toEqual([
    'a.md:2 docs/c.md is not there',
    'a.md:2 x.png is not there',
    'a.md:3 docs/b.md#third: there is no such heading',
    'a.md:3 ../up.md is not there'
  ])
})

describe('npm run check:docs', () => {
  const docs = (cwd: string, ...flags: string[]) =>
    promisify(execFile)(process.execPath, [join(cwd, 'tools/docs.ts'), ...flags], { cwd }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        text: error.stdout + error.stderr
      })
    )

  function copyOfHouse(): string {
    const folder = newFolder()
    for (const path of ['src', 'tools', 'docs', 'deploy', 'package.json'])
      cpSync(path, join(folder, path), { recursive: true })
    for (const { path } of readPages('.')) cpSync(path, join(folder, path), { recursive: true })
    // links may lead to any file of the repository
    for (const path of ['LICENSE', 'bench', 'test', '.ci']) cpSync(path, join(folder, path), { recursive: true })
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
    return folder
  }

  test('says what was just written is up to date, and finds a changed page, a dead link, a second writer of a table', async () => {
    const folder = copyOfHouse()
    await docs(folder)
    expect((await docs(folder, '--check')).text).toContain(' 0 out of date')

    const roles = join(folder, 'docs/reference/roles.md')
    writeFileSync(roles, readFileSync(roles, 'utf8').replace('| yes |', '| no |'))
    const guide = join(folder, 'docs/guides/operate.md')
    writeFileSync(guide, `${readFileSync(guide, 'utf8')}\n[gone](gone.md)\n`)
    writeFileSync(join(folder, 'src/store/runs/theft.ts'), "db.updateTable('users')\n")
    const { code, text } = await docs(folder, '--check')
    expect(code).toBe(1)
    expect(text).toContain('docs/reference/roles.md  generated: a generated part is out of date')
    expect(text).toMatch(/docs\/guides\/operate\.md:\d+ {2}links: gone\.md is not there/)
    expect(text).toContain('one-writer: users belongs to accounts, runs writes it too')
  })
})
