import { writeFile } from 'node:fs/promises'
import type { RunReport } from '../contract/index.ts'
import { junitReport } from '../domain/index.ts'
import { usage } from './command-line.ts'
import type { RunResult } from './run-command.ts'
import { at } from './run-follow.ts'
import type { ServerClient } from './server-client.ts'
import { projectOf } from './stop-command.ts'

const ENDING = { html: 'html', json: 'json', junit: 'xml' } as const
export type ReportFormat = keyof typeof ENDING
export const REPORT_FORMATS = Object.keys(ENDING) as ReportFormat[]

/** `faultline report`: the report of a run as the server writes it. Without a project it looks in all that the token opens. */
export async function fetchReport(
  wish: { id: string; project: string | null; format: ReportFormat },
  client: ServerClient
): Promise<string> {
  const project = wish.project ?? (await projectOf(wish.id, client))
  return client.text(`${at(project)}/runs/${encodeURIComponent(wish.id)}/report.${ENDING[wish.format]}`)
}

/** As tests of the pipeline that waited for it: what it asked for decides, such as a least score. */
export async function writeJunit(
  { project, file }: { project: string; file: string },
  { id, run, ...judgement }: RunResult,
  client: ServerClient
): Promise<void> {
  if (run === null) return
  const report = await client.get<RunReport>(`${at(project)}/runs/${encodeURIComponent(id)}/report.json`)
  await writeReport(file, junitReport({ ...report.run, steps: report.steps }, judgement))
}

/** Rejects with AppError when the file cannot be written. */
export async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: Error) => {
    throw usage(`${file} cannot be written: ${cause.message}`)
  })
}
