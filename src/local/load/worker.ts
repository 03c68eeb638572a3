import { writeFileSync } from 'node:fs'

/**
 * One process of a load. Arguments: `cpu` and the share of a core (0 to 1), or `memory` and bytes. Says on its standard
 * output what it achieves, a number in each line. Its standard input is a pipe that only the agent holds: when that ends,
 * so does the load.
 */
const SLICE_MS = 40
const TELL_MS = 500
const PIECE_BYTES = 8 * 1024 * 1024
/** what is allocated but not resident is made up for, up to so much */
const MOST = 1.1

for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.stdin.on('error', () => process.exit(0)).on('end', () => process.exit(0))
process.stdin.on('close', () => process.exit(0)).resume()
process.stdout.on('error', () => process.exit(0))

const [kind, amount] = process.argv.slice(2)
if (kind === 'cpu') loadCpu(Number(amount))
else loadMemory(Number(amount))

/** Works off what is still missing of the asked share, slice by slice; what the machine does not give is not made up for. */
function loadCpu(share: number): void {
  let seen = { at: performance.now(), cpu: cpuMs() }
  let missing = 0
  let told = seen
  const turn = () => {
    const now = { at: performance.now(), cpu: cpuMs() }
    missing += share * (now.at - seen.at) - (now.cpu - seen.cpu)
    missing = Math.min(Math.max(missing, -SLICE_MS), SLICE_MS)
    seen = now
    if (now.at - told.at >= TELL_MS) {
      tell((now.cpu - told.cpu) / (now.at - told.at))
      told = now
    }
    if (missing > 0) spin(missing)
    if (share >= 1) setImmediate(turn)
    else setTimeout(turn, SLICE_MS * (1 - share))
  }
  turn()
}

function spin(ms: number): void {
  const until = cpuMs() + ms
  const latest = performance.now() + 4 * SLICE_MS
  let x = 1
  while (cpuMs() < until && performance.now() < latest) for (let i = 0; i < 20_000; i++) x = Math.sqrt(x + i)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Fills and holds; the first to go when memory runs out. */
function loadMemory(bytes: number): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // not Linux
  }
  const held: Buffer[] = []
  const before = process.memoryUsage.rss()
  const achieved = () => Math.max(0, process.memoryUsage.rss() - before)
  const turn = () => {
    const missing = Math.min(bytes - achieved(), bytes * MOST - held.length * PIECE_BYTES)
    if (missing > 0) held.push(Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.ceil(missing))).fill(1))
    setTimeout(turn, missing > 0 ? 1 : TELL_MS)
  }
  turn()
  setInterval(() => tell(achieved()), TELL_MS)
}

function tell(achieved: number): void {
  process.stdout.write(`${achieved}\n`)
}
