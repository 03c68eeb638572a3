import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** No program of another user's may raise a workload above us: what we could not end would outlive us. */
const HELD = ['setpriv', '--no-new-privs']

/** Puts a command into a user and pid namespace of its own, all of which ends with the process that started it. */
const NAMESPACE = [
  ...HELD,
  '--pdeathsig',
  'KILL',
  'unshare',
  '--user',
  '--map-root-user',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--'
]

export type Wrapper = (command: readonly string[]) => readonly string[]

export interface Isolation {
  wrap: Wrapper
  /** whatever a pod starts ends with its first process */
  namespaces: boolean
  /** for people */
  description: string
}

/** What the kernel lets us do, tried once. */
export async function chooseIsolation(wanted: 'auto' | 'warden', path: string): Promise<Isolation> {
  const namespaces = wanted === 'auto' && process.platform === 'linux' && (await succeeds([...NAMESPACE, 'true'], path))
  if (!namespaces) {
    const held = process.platform === 'linux' && (await succeeds([...HELD, 'true'], path))
    return { wrap: (command) => (held ? [...HELD, ...command] : command), namespaces, description: 'a warden' }
  }
  return {
    wrap: (command) => [...NAMESPACE, ...command],
    namespaces,
    description: 'user and pid namespaces and a warden'
  }
}

async function succeeds([file = '', ...args]: readonly string[], path: string): Promise<boolean> {
  const child = spawn(file, args, { stdio: 'ignore', env: { PATH: path }, timeout: 3000 })
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code === 0
  } catch {
    return false
  }
}
