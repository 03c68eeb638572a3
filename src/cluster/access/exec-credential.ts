import { execFile } from 'node:child_process'
import { textAt, treeAt, treesAt } from '../../domain/index.ts'
import { AppError, type Clock, Secret } from '../../platform/index.ts'

/** What a program that signs in may be given: the surroundings of whoever started the agent. */
export type ProgramEnv = Readonly<Record<string, string | undefined>>

const ANSWER_MS = 60_000
const LARGEST = 256 * 1024
/** it is asked again before its token ends */
const EARLY_MS = 60_000
/** a token of which no end is told is asked for again then */
const KEPT_MS = 5 * 60_000
/** whatever end is told: a program is not run for each request */
const LEAST_KEPT_MS = 10_000

/** What a kubeconfig says about the program, `users[].user.exec` of `clientcmd/v1`. */
export interface ExecPlugin {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  apiVersion: string
}

/** The program that a kubeconfig's user names; null = what is there cannot be used. */
export function execPlugin(exec: unknown): ExecPlugin | null {
  const [command, apiVersion] = [textAt(exec, 'command'), textAt(exec, 'apiVersion')]
  if (command === undefined || apiVersion === undefined) return null
  const { args = [] } = treeAt({ exec }, 'exec')
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) return null
  const env = treesAt(exec, 'env').map((entry) => [textAt(entry, 'name') ?? '', textAt(entry, 'value') ?? ''] as const)
  return { command, args, env: Object.fromEntries(env), apiVersion }
}

/**
 * The token that the program tells (`ExecCredential` of client.authentication.k8s.io), kept until shortly before its
 * end. It gets no standard input and asks nobody. Errors: `cluster/no-credentials`, with what it said.
 */
export function execToken(plugin: ExecPlugin, env: ProgramEnv, clock: Clock): () => Promise<Secret> {
  let kept: { token: Promise<Secret>; until: number } | undefined
  const ask = async () => {
    const status = treeAt(await answerOf(plugin, env), 'status')
    const token = textAt(status, 'token')
    if (token === undefined) throw failed(plugin, 'its answer has no token; client certificates are not taken from it')
    const now = clock.now().getTime()
    const end = Date.parse(textAt(status, 'expirationTimestamp') ?? '')
    const until = Number.isNaN(end) ? now + KEPT_MS : Math.max(end - EARLY_MS, now + LEAST_KEPT_MS)
    if (kept !== undefined) kept.until = until
    return new Secret(token)
  }
  return () => {
    if (kept !== undefined && clock.now().getTime() < kept.until) return kept.token
    // until it has answered, whoever needs the token waits for this answer
    kept = { token: Promise.resolve().then(ask), until: Number.POSITIVE_INFINITY }
    return kept.token.catch((error: unknown) => {
      kept = undefined
      throw error
    })
  }
}

async function answerOf(plugin: ExecPlugin, env: ProgramEnv): Promise<unknown> {
  const asked = { apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  const said = await new Promise<string>((resolve, reject) => {
    const options = {
      env: { ...env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(asked) },
      timeout: ANSWER_MS,
      maxBuffer: LARGEST
    }
    const child = execFile(plugin.command, [...plugin.args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(failed(plugin, stderr.trim().slice(0, 500) || error.message))
    })
    child.stdin?.end()
  })
  try {
    return JSON.parse(said)
  } catch {
    throw failed(plugin, 'its answer is no JSON')
  }
}

function failed({ command }: ExecPlugin, why: string): AppError {
  const message = `The program ${command}, by which the kubeconfig signs in, has told no token: ${why}.`
  return new AppError({ code: 'cluster/no-credentials', kind: 'stalled', message })
}
