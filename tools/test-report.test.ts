import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

/** What CI reads of a report of vitest. */
const folder = mkdtempSync(join(tmpdir(), 'faultline-report-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(mode: string, report: unknown): string {
  const file = join(folder, 'report.json')
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report))
  return execFileSync(process.execPath, ['tools/test-report.ts', mode, file], { encoding: 'utf8' })
}

const result = (fullName: string, status: string, message = '') => ({ fullName, status, failureMessages: [message] })
const report = {
  numPassedTests: 2,
  testResults: [
    {
      name: join(process.cwd(), 'test/a.test.ts'),
      status: 'failed',
      message: '',
      assertionResults: [
        result('it does', 'passed'),
        result('it does not', 'failed', 'Error: no\n at line 1'),
        result('it waits', 'failed', 'Error: late')
      ]
    },
    { name: join(process.cwd(), 'test/b.test.ts'), status: 'passed', message: '', assertionResults: [] },
    { name: join(process.cwd(), 'test/c.test.ts'), status: 'failed', message: 'no such import', assertionResults: [] }
  ]
}

it('a file that could not be loaded is a failure of its own', () => {
  expect(read('count', report)).toBe('2 3\n')
})

it('each failure is a line, and each file of them one', () => {
  expect(read('failed', report)).toBe(
    'test/a.test.ts > it does not: Error: no\n' +
      'test/a.test.ts > it waits: Error: late\n' +
      'test/c.test.ts > the file itself: no such import\n'
  )
  expect(read('files', report)).toBe('test/a.test.ts\ntest/c.test.ts\n')
})

it('a tier that came to no report has failed', () => {
  expect(read('count', 'half a {')).toBe('0 1\n')
  expect(read('files', 'half a {')).toBe('')
})
