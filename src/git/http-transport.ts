import { AppError } from '../platform/index.ts'
import type { GitRemote } from './git.ts'
import { withHttpEnvironment } from './http-environment.ts'
import { answerError } from './http-errors.ts'
import { advertise, type HttpKit, lsRefs } from './refs.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { Transport } from './transport.ts'

/** Smart HTTP: refs are asked in process; fetch and push are git's, with the token in its environment. */
export function httpTransport(kit: HttpKit, remote: GitRemote): Transport {
  return {
    refs: (prefix, signal) => lsRefs(kit, remote, { prefix, ...(signal && { signal }) }),
    requirePush: async () => {
      const answer = await advertise(kit, remote, { service: 'git-receive-pack' })
      const refused = answerError(answer, remote)
      if (refused === null) return
      throw refused.kind === 'transient' || refused.code === 'git/redirect' ? refused : writeRefused(refused)
    },
    within: (work) => {
      const url = parseRepositoryUrl(remote.url)
      return withHttpEnvironment(kit, remote, (env) => work(url.href, env))
    },
    steps: [
      {
        name: 'url',
        look: async () => {
          const url = parseRepositoryUrl(remote.url)
          const { proxy } = await kit.outbound.route(url, remote.proxy ?? null)
          return `${url.host} may be called${proxy === null ? '' : `, through the proxy ${proxy.url.host}`}.`
        }
      }
    ],
    credential: remote.token === null ? null : 'token'
  }
}

function writeRefused(cause: AppError): AppError {
  const message = 'The token may read but not push. Give it write access: edits in the portal become commits.'
  return new AppError({ code: 'git/read-only', kind: 'stalled', message, cause })
}
