import { type Exec, type FaultWorld, partOf, type UndoData } from '../engine/index.ts'
import { AppError, toAppError } from '../platform/index.ts'
import { textOf } from './undo-reader.ts'

/** of one command, in ms */
const COMMAND_MS = 10_000
/** with the container, or with the pod, its processes are gone */
const GONE = ['cluster/pod-gone', 'cluster/not-running']
/** of the kernel's clock, which it tells processor time and beginnings in */
const TICKS_PER_SECOND = 100

/** The processes of one injection are those with its mark in their environment: `mark DIR TEXT` says whether one is. */
const MARKED = `command -v tr >/dev/null && command -v grep >/dev/null || { echo 'there is no tr or grep' >&2; exit 127; }
marked() { { tr '\\0' '\\n' <"$1/environ" | grep -qx "$2"; } 2>/dev/null; }
for dir in /proc/[0-9]*; do marked "$dir" "$1" || continue;`
const START = `env "$1" sh -c "$2" sh "$3" "$4" </dev/null >/dev/null 2>&1 &`
const LOOK = `${MARKED} cat "$dir/stat"; grep VmRSS "$dir/status"; done 2>/dev/null; cat /proc/uptime`
const KILL = `${MARKED} kill -s KILL "\${dir#/proc/}"; done 2>/dev/null; true`

/** Where processes of an injection are. */
export interface ExecPlace {
  injection: string
  pod: { namespace: string; name: string; uid: string }
  container: string | null
}

/** What is seen of them. */
export interface SeenProcesses {
  count: number
  /** on the average since each began */
  cores: number
  bytes: number
}

export function placeIn(undo: UndoData): ExecPlace {
  const [namespace, name, uid] = ['namespace', 'pod', 'uid'].map((key) => textOf(undo, key))
  const pod = { namespace: namespace ?? '', name: name ?? '', uid: uid ?? '' }
  return { injection: textOf(undo, 'injection'), pod, container: textOf(undo, 'container') || null }
}

/** All that is needed to end them, by us or by hand. */
export function undoOf({ injection, pod: { namespace, name, uid }, container }: ExecPlace): UndoData {
  const where = `kubectl -n ${namespace} exec ${name}${container === null ? '' : ` -c ${container}`}`
  const byHand = `${where} -- sh -c '${KILL.replaceAll("'", `'\\''`)}' sh ${markOf(injection)}`
  return { injection, namespace, pod: name, uid, container: container ?? '', byHand }
}

/** Starts `script` with two words, detached: it goes on when the command has ended. */
export async function start(
  place: ExecPlace,
  { script, words }: { script: string; words: readonly [string, string] },
  world: FaultWorld
): Promise<void> {
  await command(place, [START, markOf(place.injection), script, ...words], world)
}

/** None, where the pod or the container is gone. */
export async function look(place: ExecPlace, world: FaultWorld): Promise<SeenProcesses> {
  return seenIn((await unlessGone(() => command(place, [LOOK, markOf(place.injection)], world))) ?? '')
}

export async function kill(place: ExecPlace, world: FaultWorld): Promise<void> {
  await unlessGone(() => command(place, [KILL, markOf(place.injection)], world))
}

function markOf(injection: string): string {
  return `FAULTLINE_INJECTION=${injection}`
}

async function command(place: ExecPlace, [script = '', ...words]: readonly string[], world: FaultWorld) {
  const exec: Exec = partOf(world.target, 'exec')
  const argv = ['sh', '-c', script, 'sh', ...words]
  const order = { container: place.container, argv, timeoutMs: COMMAND_MS, signal: world.signal }
  const { code, output, errors } = await exec.run(place.pod, order)
  if (code === 0) return output
  const message = `a command in pod ${place.pod.name} ended with ${code}: ${errors.trim().slice(0, 300)}`
  throw new AppError({ code: 'faults/exec-failed', kind: 'invalid', message })
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (GONE.includes(toAppError(error).code)) return undefined
    throw error
  }
}

/** Lines of /proc/PID/stat, each with VmRSS of its status; the last one is /proc/uptime. See proc(5). */
export function seenIn(output: string): SeenProcesses {
  const lines = output.trimEnd().split('\n')
  const uptime = Number.parseFloat(lines.at(-1) ?? '')
  const stats = lines.filter((line) => /^\d+ \(/.test(line))
  const sizes = lines.flatMap((line) => /^VmRSS:\s*(\d+) kB/.exec(line)?.[1] ?? [])
  const seen = { count: stats.length, cores: 0, bytes: 0 }
  for (const stat of stats) {
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, begun = 0] = [fields[11], fields[12], fields[19]]
    const seconds = uptime - begun / TICKS_PER_SECOND
    if (seconds > 0) seen.cores += (user + system) / TICKS_PER_SECOND / seconds
  }
  for (const size of sizes) seen.bytes += Number(size) * 1024
  return seen
}
