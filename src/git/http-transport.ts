import type { Outbound } from '../outbound/index.ts'
import { AppError, type Secret } from '../platform/index.ts'
import { statusError } from './errors.ts'
import type { GitRemote } from './git.ts'
import { advertise, lsRefs } from './refs.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { Transport } from './transport.ts'

/** Smart HTTP: refs are asked in process; fetch and push are git's, with the token in its environment. */
export function httpTransport(outbound: Outbound, remote: GitRemote): Transport {
  return {
    refs: (prefix, signal) => lsRefs(outbound, remote, { prefix, ...(signal && { signal }) }),
    requirePush: async () => {
      const answer = await advertise(outbound, remote, { service: 'git-receive-pack' })
      const refused = statusError(answer.status)
      if (refused !== null) throw writeRefused(refused)
    },
    within: async (work) => work(parseRepositoryUrl(remote.url).href, await remoteEnvironment(outbound, remote)),
    steps: [
      {
        name: 'url',
        look: async () => {
          const url = parseRepositoryUrl(remote.url)
          await outbound.admit(url)
          return `${url.host} may be called.`
        }
      }
    ],
    credential: remote.token === null ? null : 'token'
  }
}

/**
 * Token and pinned address reach git by its environment, which only this user can read: not by argv, which everybody
 * can, nor by a file, which would stay.
 */
async function remoteEnvironment(outbound: Outbound, remote: GitRemote): Promise<Record<string, string>> {
  const url = parseRepositoryUrl(remote.url)
  const { address, family } = await outbound.admit(url)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const pinned = `${url.hostname.replace(/^\[|\]$/g, '')}:${port}:${family === 6 ? `[${address}]` : address}`
  const settings: [string, string][] = [['http.curloptResolve', pinned]]
  if (remote.token !== null) settings.push(['http.extraHeader', authorization(remote.username, remote.token)])
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value]
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) }
}

function authorization(username: string, token: Secret): string {
  return `Authorization: Basic ${Buffer.from(`${username}:${token.reveal()}`).toString('base64')}`
}

function writeRefused(cause: AppError): AppError {
  const message = 'The token may read but not push. Give it write access: edits in the portal become commits.'
  return new AppError({ code: 'git/read-only', kind: 'stalled', message, cause })
}
