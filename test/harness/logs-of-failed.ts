import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { TestRunner } from 'vitest'

const LINES = 60

/** The ends of these logs, where the test that is just ending has failed: before their folder goes, for whoever cannot try again. */
export async function logsOfFailed(files: readonly string[]): Promise<void> {
  if (TestRunner.getCurrentTest()?.result?.state !== 'fail') return
  for (const file of files) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n')
    console.log(`--- ${basename(file)}\n${lines.slice(-LINES).join('\n')}`)
  }
}
