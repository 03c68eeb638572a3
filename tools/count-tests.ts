import { readFileSync } from 'node:fs'

/** Prints `<passed> <failed>` of a report of vitest's json reporter; a file that could not be loaded is one failure. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

function count(path: string): string {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report
    const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    return `${report.numPassedTests} ${report.numFailedTests + unloaded.length}`
  } catch {
    return '0 1'
  }
}

process.stdout.write(`${count(process.argv[2] ?? '')}\n`)
