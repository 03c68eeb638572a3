import { type AppError, toAppError } from '../platform/index.ts'
import type { CheckStep } from './git.ts'
import { requireBranch } from './repository-url.ts'
import type { Transport } from './transport.ts'

type Name = CheckStep['name']
type Passed = Pick<CheckStep, 'state' | 'message'>

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
  'git/wrong-passphrase': 'authentication',
  'git/forbidden': 'authentication',
  'git/not-found': 'authentication',
  'git/read-only': 'write'
}

/** Tests a connection step by step; the first that fails is explained, those after it are skipped. */
export async function checkConnection(open: () => Transport, branch: string): Promise<CheckStep[]> {
  const passed = new Map<Name, Passed>()
  const ok: Ok = (name, message, state = 'ok') => passed.set(name, { state, message })
  const transport = open()
  const names = [...new Set<Name>([...transport.steps.map(({ name }) => name), ...COMMON])]
  try {
    for (const { name, look } of transport.steps) ok(name, await look())
    const refs = await transport.refs('refs/heads/')
    if (!passed.has('reach')) ok('reach', 'The git host answers.')
    ok('authentication', readable(transport))
    judgeBranch(refs, requireBranch(branch), ok)
    await transport.requirePush()
    ok('write', 'Pushing is allowed.')
    return stepsOf(names, passed, null)
  } catch (error) {
    return stepsOf(names, passed, toAppError(error))
  }
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

function stepsOf(names: readonly Name[], passed: ReadonlyMap<Name, Passed>, error: AppError | null): CheckStep[] {
  const failedAt = error === null ? null : failingStep(names, passed, error)
  let failed = false
  return names.map((name) => {
    if (name === failedAt && error !== null) {
      failed = true
      return { name, state: 'failed', message: error.message }
    }
    const known = passed.get(name)
    if (known !== undefined) return { name, ...known }
    // whoever refuses a credential was reached; nothing else can be concluded from a later step
    return failed || name === 'host-key'
      ? { name, state: 'skipped', message: 'Not tested.' }
      : { name, state: 'ok', message: 'Reached.' }
  })
}

function failingStep(names: readonly Name[], passed: ReadonlyMap<Name, Passed>, { code }: AppError): Name {
  return STEP_OF[code] ?? names.find((name) => !passed.has(name)) ?? 'write'
}
