import type { Outbound, OutboundRequest } from '../outbound/index.ts'
import { AppError } from '../platform/index.ts'
import type { GitRemote, Tip } from './git.ts'
import { answerError, exchangeError } from './http-errors.ts'
import { badAnswer, DELIMITER, FLUSH, packet, parsePackets } from './pkt-line.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { GitRunner } from './run-git.ts'

const MAX_BYTES = 8 * 1024 * 1024
const HEADS = 'refs/heads/'
/** statuses that an old server does not answer to what it does not know */
const FINAL: ReadonlySet<number> = new Set([401, 403, 404, 429])
const OID = /^[\da-f]{40}([\da-f]{24})?$/

export interface HttpKit {
  outbound: Outbound
  runner: GitRunner
  /** what is asked in process is answered within so many ms, or not at all */
  answerMs: number
}

/** Refs whose names begin with the prefix, and what they name. */
export type AskRefs = (prefix: string, signal?: AbortSignal) => Promise<Map<string, string>>

/** One request where the branch is there, over HTTP about 230 bytes in process. */
export async function readTip(ask: AskRefs, branch: string): Promise<Tip> {
  const wanted = `${HEADS}${branch}`
  const commit = (await ask(wanted)).get(wanted)
  if (commit !== undefined) return { kind: 'tip', commit }
  const all = await ask(HEADS)
  return all.size === 0 ? { kind: 'empty' } : { kind: 'missing-branch', branches: all.size }
}

/** The branch at the commit that HEAD names: `main` or `master` before others, which may be there too. */
export async function readDefaultBranch(ask: AskRefs, signal?: AbortSignal): Promise<string> {
  const head = (await ask('HEAD', signal)).get('HEAD')
  const branches = await ask(HEADS, signal)
  const names = [...branches].filter(([, commit]) => commit === head).map(([ref]) => ref.slice(HEADS.length))
  const [first] = names
  if (first === undefined)
    throw new AppError({
      code: 'git/no-default-branch',
      kind: 'stalled',
      message: 'The repository has no default branch to begin the new one from; make the branch there.'
    })
  return ['main', 'master'].find((name) => names.includes(name)) ?? first
}

/** By one request of protocol v2, `ls-refs`. A server that knows no v2 answers with all of its refs, which are read too. */
export async function lsRefs(
  kit: HttpKit,
  remote: GitRemote,
  options: { prefix: string; signal?: AbortSignal }
): Promise<Map<string, string>> {
  const body = `${packet('command=ls-refs\n')}${packet('object-format=sha1')}${DELIMITER}${packet(`ref-prefix ${options.prefix}\n`)}${FLUSH}`
  const answer = await ask(kit, remote, {
    url: service(remote, 'git-upload-pack'),
    method: 'POST',
    headers: {
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result'
    },
    body,
    ...(options.signal && { signal: options.signal })
  })
  if (answer.status === 200 && contentType(answer.headers) === 'application/x-git-upload-pack-result') {
    const lines = parsePackets(answer.body)
    // an answer that ends before its end says nothing, above all not that there are no branches
    if (isWhole(lines)) return refsOf(lines, options.prefix)
  }
  const refused = answerError(answer, remote)
  if (refused !== null && (FINAL.has(answer.status) || refused.details.retryAt !== undefined)) throw refused
  return advertisedRefs(kit, remote, options)
}

/** What a server of protocol v0 advertises. */
async function advertisedRefs(
  kit: HttpKit,
  remote: GitRemote,
  options: { prefix: string; signal?: AbortSignal }
): Promise<Map<string, string>> {
  const answer = await advertise(kit, remote, {
    service: 'git-upload-pack',
    ...(options.signal && { signal: options.signal })
  })
  const error = answerError(answer, remote)
  if (error !== null) throw error
  const { headers, body } = answer
  if (contentType(headers) !== 'application/x-git-upload-pack-advertisement') throw badAnswer()
  const lines = parsePackets(body)
  if (!isWhole(lines)) throw badAnswer()
  const refs = lines.filter((line) => line !== null && !line.startsWith('#'))
  if (refs.some((line) => line?.includes('object-format=sha256'))) throw otherObjects()
  return refsOf(
    refs.map((line) => (line ?? '').split('\0')[0] ?? ''),
    options.prefix
  )
}

/** Whether a push would be let in: the first request of a push, without one. */
export async function advertise(
  kit: HttpKit,
  remote: GitRemote,
  options: { service: 'git-upload-pack' | 'git-receive-pack'; signal?: AbortSignal }
) {
  const url = parseRepositoryUrl(remote.url)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/info/refs`
  url.search = `?service=${options.service}`
  return ask(kit, remote, { url, method: 'GET', ...(options.signal && { signal: options.signal }) })
}

type Question = Pick<OutboundRequest, 'method' | 'headers' | 'body' | 'signal'> & { url: URL }

/** One request with the remote's credential, trust and proxy. */
async function ask({ outbound, answerMs }: HttpKit, remote: GitRemote, { url, headers, ...question }: Question) {
  const limits = { deadlineMs: answerMs, maxBytes: MAX_BYTES }
  const way = { ca: remote.ca ?? null, proxy: remote.proxy ?? null }
  try {
    return await outbound.request(url, {
      ...question,
      ...limits,
      ...way,
      headers: { ...credentials(remote), ...headers }
    })
  } catch (error) {
    question.signal?.throwIfAborted()
    throw exchangeError(error)
  }
}

function service(remote: GitRemote, name: string): URL {
  const url = parseRepositoryUrl(remote.url)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}`
  return url
}

function credentials({ username, token }: GitRemote): Record<string, string> {
  if (token === null) return {}
  return { authorization: `Basic ${Buffer.from(`${username}:${token.reveal()}`).toString('base64')}` }
}

function contentType(headers: Record<string, string | string[] | undefined>): string {
  return String(headers['content-type'] ?? '').split(';')[0] ?? ''
}

/** Ends with a flush; what the host refuses in its own words is an error. */
function isWhole(lines: readonly (string | null)[]): boolean {
  const refusal = lines.find((line) => line?.startsWith('ERR '))?.slice('ERR '.length)
  if (refusal === undefined) return lines.at(-1) === null
  const said = refusal.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300)
  throw new AppError({ code: 'git/refused', kind: 'stalled', message: `The git host refuses: ${said}` })
}

function otherObjects(): AppError {
  const message =
    'The repository has SHA-256 objects; Faultline reads repositories of SHA-1 objects, which are the usual ones.'
  return new AppError({ code: 'git/sha256', kind: 'stalled', message })
}

export function refsOf(lines: readonly (string | null)[], prefix: string): Map<string, string> {
  const refs = new Map<string, string>()
  for (const line of lines) {
    if (line === null) continue
    const [oid = '', name = ''] = line.split(' ')
    if (name.startsWith(prefix) && OID.test(oid)) refs.set(name, oid)
  }
  return refs
}
