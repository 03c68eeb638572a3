import { gitError } from './errors.ts'
import type { PushResult } from './git.ts'

const RACE =
  /\[rejected\].*\((fetch first|non-fast-forward|stale info|already exists)\)|cannot lock ref|incorrect old value provided|reference already exists|failed to update ref/

/** GitHub, its rule sets, GitLab, Gitea and Forgejo, Bitbucket Cloud and Data Center, Azure DevOps. */
const PROTECTED =
  /GH006|GH013|protected branch(es)?\b|Permission denied to update branch|can only be modified through pull requests|TF402455/i

/** What `git push --porcelain` said. Its exit code is 1 for all failures, so only the words tell them apart. */
export function parsePush(code: number, stdout: string, stderr: string): PushResult {
  if (code === 0) return { kind: 'pushed' }
  const said = `${stdout}\n${stderr}`
  if (RACE.test(said)) return { kind: 'race' }
  if (PROTECTED.test(said)) return { kind: 'rejected', code: 'git/protected-branch', message: protectedBranch(stderr) }
  const policy = /\[remote rejected\][^(]*\(([^)]*)\)/.exec(said)?.[1]
  if (policy !== undefined)
    return {
      kind: 'rejected',
      code: 'git/rejected',
      message: `The git host rejected the push (${policy}).${remoteLines(stderr)}`
    }
  const error = gitError('The push', stderr)
  if (error.kind === 'transient') throw error
  if (error.code === 'git/forbidden') return { kind: 'rejected', code: 'git/read-only', message: READ_ONLY }
  return { kind: 'rejected', code: error.code, message: error.message }
}

const READ_ONLY = 'The token may read but not push: give it write access to the repository.'

function protectedBranch(stderr: string): string {
  return `The git host protects this branch. Let the account of the credential push to it, or use another branch.${remoteLines(stderr)}`
}

/** What the host's hook says to people, bounded. */
function remoteLines(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length).trim())
    .filter((line) => line !== '')
  return lines.length === 0 ? '' : ` It says: ${lines.join(' ').slice(0, 500)}`
}
