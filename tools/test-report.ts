import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * Reads a report of vitest's json reporter. `count FILE`: `<passed> <failed>`. `failed FILE`: each failed test and the first line of
 * what it said. `files FILE`: the files with a failed test. A file that could not be loaded is one failure.
 */
interface Report {
  numPassedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

interface Failure {
  file: string
  text: string
}

function failures({ testResults }: Report): Failure[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((result) => result.status === 'failed')
    const told = failed.map(({ fullName, failureMessages }) => said(file, fullName, failureMessages[0] ?? ''))
    // after its tests, or before them
    return told.length === 0 && status === 'failed' ? [said(file, 'the file itself', message)] : told
  })
}

function said(file: string, test: string, message: string): Failure {
  return { file, text: `${file} > ${test}: ${message.split('\n', 1)[0]}` }
}

const MODES: Record<string, (report: Report) => string[]> = {
  count: (report) => [`${report.numPassedTests} ${failures(report).length}`],
  failed: (report) => failures(report).map(({ text }) => text),
  files: (report) => [...new Set(failures(report).map(({ file }) => file))]
}

function read(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

const [mode = '', file = ''] = process.argv.slice(2)
const lines = MODES[mode]
if (lines === undefined) throw new Error(`usage: test-report.ts ${Object.keys(MODES).join('|')} FILE`)
const report = read(file)
// a tier that did not come as far as a report has failed
const answer = report === null ? (mode === 'count' ? ['0 1'] : []) : lines(report)
process.stdout.write(answer.map((line) => `${line}\n`).join(''))
