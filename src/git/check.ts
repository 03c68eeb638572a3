import { type AppError, toAppError } from '../platform/index.ts'
import type { CheckStep } from './git.ts'
import { requireBranch } from './repository-url.ts'
import type { Transport } from './transport.ts'

type Name = CheckStep['name']

/** Which step an error belongs to: what was not reached is not judged. */
const STEP_OF: Record<string, Name> = {
  'git/bad-url': 'url',
  'git/bad-branch': 'branch',
  'outbound/blocked': 'url',
  'outbound/private-host': 'url',
  'outbound/bad-proxy': 'url',
  'outbound/proxy-not-allowed': 'url',
  'git/no-key': 'authentication',
  'git/auth': 'authentication',
  'git/bad-key': 'authentication',
  'git/wrong-passphrase': 'authentication',
  'git/forbidden': 'authentication',
  'git/not-found': 'authentication',
  'git/read-only': 'write'
}

/** Tests a connection step by step; the first that fails is explained, those after it are skipped. */
export async function checkConnection(
  open: () => Transport,
  branch: string,
  tell: (step: CheckStep) => void
): Promise<CheckStep[]> {
  const done = new Map<Name, CheckStep>()
  const say = (step: CheckStep) => {
    done.set(step.name, step)
    tell(step)
  }
  const ok: Ok = (name, message, state = 'ok') => say({ name, state, message, code: null })
  const transport = open()
  const names = [...new Set<Name>([...transport.steps.map(({ name }) => name), ...COMMON])]
  try {
    for (const { name, look } of transport.steps) ok(name, await look())
    const refs = await transport.refs('refs/heads/')
    if (!done.has('reach')) ok('reach', 'The git host answers.')
    ok('authentication', readable(transport))
    judgeBranch(refs, requireBranch(branch), ok)
    await transport.requirePush()
    ok('write', 'Pushing is allowed.')
  } catch (error) {
    for (const step of remaining(names, done, toAppError(error))) say(step)
  }
  return names.flatMap((name) => done.get(name) ?? [])
}

const COMMON: readonly Name[] = ['reach', 'authentication', 'branch', 'write']

type Ok = (name: Name, message: string, state?: CheckStep['state']) => void

function readable({ credential }: Transport): string {
  return credential === null
    ? 'The repository can be read without a token.'
    : `The repository can be read with this ${credential}.`
}

function judgeBranch(refs: Map<string, string>, branch: string, ok: Ok): void {
  if (refs.has(`refs/heads/${branch}`)) ok('branch', `The branch ${branch} is there.`)
  else if (refs.size === 0)
    ok('branch', 'The repository is empty; the first commit can be made when you enable GitOps.', 'attention')
  else ok('branch', `There is no branch ${branch}; it can be made when you enable GitOps.`, 'attention')
}

/** What an error means for the steps that did not pass. */
function remaining(names: readonly Name[], done: ReadonlyMap<Name, CheckStep>, error: AppError): CheckStep[] {
  const failedAt = STEP_OF[error.code] ?? names.find((name) => !done.has(name)) ?? 'write'
  let failed = false
  return names.flatMap((name): CheckStep[] => {
    if (name === failedAt) {
      failed = true
      return [{ name, state: 'failed', message: error.message, code: error.code }]
    }
    if (done.has(name)) return []
    // whoever refuses a credential was reached; nothing else can be concluded from a later step
    const skipped = failed || name === 'host-key'
    return [{ name, state: skipped ? 'skipped' : 'ok', message: skipped ? 'Not tested.' : 'Reached.', code: null }]
  })
}
