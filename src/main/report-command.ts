import { writeFile } from 'node:fs/promises'
import { usage } from './command-line.ts'
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

/** Rejects with AppError when the file cannot be written. */
export async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: Error) => {
    throw usage(`${file} cannot be written: ${cause.message}`)
  })
}
