import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One request that the fuzzer sent, and what came back. */
export interface Case {
  method: string
  /** path with query */
  target: string
  status: number
  /** headers and body of the answer */
  answer: string
}

export interface FuzzPlan {
  /** to be fuzzed, as it is served */
  document: OpenApi
  origin: string
  headers: Readonly<Record<string, string>>
  /** most cases for one operation and phase */
  examples: number
  seed: number
  /** for the document and the report */
  folder: string
}

/** What is read of an OpenAPI document here. */
export interface OpenApi {
  paths: Record<string, Record<string, { operationId?: string; parameters?: Parameter[] }>>
}

interface Parameter {
  name: string
  in: string
  schema: object
}

interface Har {
  log: { entries: HarEntry[] }
}

interface HarEntry {
  request: { method: string; url: string }
  response: {
    status: number
    headers: { name: string; value: string }[]
    content: { text?: string; encoding?: string }
  }
}

const PROGRAM = join(import.meta.dirname, '../../.cache/fuzz/bin/schemathesis')
/** Of the fuzzer's own checks those that hold whatever it sends. What is refused, and to whom, is judged here. */
const CHECKS = 'not_a_server_error,content_type_conformance,response_schema_conformance'
const MINUTES = 6

/** Runs schemathesis once; rejects when it could not run, or found a check that failed. */
export async function fuzz(plan: FuzzPlan): Promise<Case[]> {
  const document = join(plan.folder, 'openapi.json')
  const report = join(plan.folder, 'report.har')
  await writeFile(document, JSON.stringify(plan.document))
  const { code, output } = await run(plan.folder, [
    ...['run', document, '--url', plan.origin, '--no-color'],
    ...['--checks', CHECKS, '--phases', 'examples,coverage,fuzzing', '--continue-on-failure', '--no-shrink'],
    ...['--max-examples', String(plan.examples), '--seed', String(plan.seed), '--generation-database', 'none'],
    ...['--suppress-health-check', 'all', '--warnings', 'off', '--request-timeout', '30'],
    ...['--output-sanitize', 'false', '--report-har-path', report],
    ...Object.entries(plan.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
  ])
  if (code !== 0) throw new Error(`the fuzzer ended with ${code}:\n${output}`)
  const { log } = JSON.parse(await readFile(report, 'utf8')) as Har
  return log.entries.map(toCase)
}

/** The document with each path parameter being either something that is there or whatever the fuzzer thinks of. */
export function withKnown(document: OpenApi, known: Readonly<Record<string, readonly string[]>>): OpenApi {
  const copy = structuredClone(document)
  for (const operation of Object.values(copy.paths).flatMap((path) => Object.values(path)))
    for (const parameter of operation.parameters ?? []) {
      const values = parameter.in === 'path' ? known[parameter.name] : undefined
      if (values !== undefined) parameter.schema = { anyOf: [{ enum: values }, parameter.schema] }
    }
  return copy
}

function toCase({ request, response }: HarEntry): Case {
  const { pathname, search } = new URL(request.url)
  const { text = '', encoding } = response.content
  const body = encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text
  const headers = response.headers.map(({ name, value }) => `${name}: ${value}`)
  return {
    method: request.method,
    target: pathname + search,
    status: response.status,
    answer: [...headers, body].join('\n')
  }
}

function run(cwd: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: MINUTES * 60_000 })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
