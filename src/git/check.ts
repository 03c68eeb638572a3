import type { Outbound } from '../outbound/index.ts'
import { AppError, toAppError } from '../platform/index.ts'
import { statusError } from './errors.ts'
import type { CheckStep, GitRemote } from './git.ts'
import { advertise, lsRefs } from './refs.ts'
import { parseRepositoryUrl, requireBranch } from './repository-url.ts'

const NAMES = ['url', 'reach', 'authentication', 'branch', 'write'] as const
type Name = (typeof NAMES)[number]
type Passed = Pick<CheckStep, 'state' | 'message'>

/** Which step an error belongs to: what was not reached is not judged. */
const STEP_OF: Record<string, Name> = {
  'git/bad-url': 'url',
  'git/bad-branch': 'branch',
  'outbound/blocked': 'url',
  'outbound/private-host': 'url',
  'git/auth': 'authentication',
  'git/not-found': 'authentication',
  'git/read-only': 'write'
}

/** Tests a connection step by step; the first that fails is explained, those after it are skipped. */
export async function checkConnection(outbound: Outbound, remote: GitRemote, branch: string): Promise<CheckStep[]> {
  const passed = new Map<Name, Passed>()
  const ok = (name: Name, message: string, state: CheckStep['state'] = 'ok') => passed.set(name, { state, message })
  try {
    const url = parseRepositoryUrl(remote.url)
    await outbound.admit(url)
    ok('url', `${url.host} may be called.`)
    const refs = await lsRefs(outbound, remote, { prefix: 'refs/heads/' })
    ok('reach', 'The git host answers.')
    ok(
      'authentication',
      remote.token === null
        ? 'The repository can be read without a token.'
        : 'The repository can be read with this token.'
    )
    judgeBranch(refs, requireBranch(branch), ok)
    const answer = await advertise(outbound, remote, { service: 'git-receive-pack' })
    const refused = statusError(answer.status)
    if (refused !== null) throw writeRefused(refused)
    ok('write', 'Pushing is allowed.')
    return steps(passed, null)
  } catch (error) {
    return steps(passed, toAppError(error))
  }
}

function judgeBranch(
  refs: Map<string, string>,
  branch: string,
  ok: (name: Name, message: string, state?: CheckStep['state']) => void
): void {
  if (refs.has(`refs/heads/${branch}`)) ok('branch', `The branch ${branch} is there.`)
  else if (refs.size === 0)
    ok('branch', 'The repository is empty; the first commit can be made when you enable GitOps.', 'attention')
  else ok('branch', `There is no branch ${branch}; it can be made when you enable GitOps.`, 'attention')
}

function steps(passed: Map<Name, Passed>, error: AppError | null): CheckStep[] {
  const failedAt = error === null ? null : (STEP_OF[error.code] ?? NAMES.find((name) => !passed.has(name)) ?? 'write')
  let failed = false
  return NAMES.map((name) => {
    if (name === failedAt && error !== null) {
      failed = true
      return { name, state: 'failed', message: error.message }
    }
    const known = passed.get(name)
    if (known !== undefined) return { name, ...known }
    return failed ? { name, state: 'skipped', message: 'Not tested.' } : { name, state: 'ok', message: 'Reached.' }
  })
}

function writeRefused(cause: AppError): AppError {
  const message = 'The token may read but not push. Give it write access: edits in the portal become commits.'
  return new AppError({ code: 'git/read-only', kind: 'stalled', message, cause })
}
