import { createHash } from 'node:crypto'
import type { GitRemote } from './git.ts'

/**
 * The same for remotes that are asked in the same way: address, credential, trust, proxy. The credential is part of it, as
 * a digest: who may not read a branch must not learn its tip.
 */
export function remoteKey({ url, username, token, ca, proxy }: GitRemote, more = ''): string {
  const through = proxy ? [proxy.url.href, proxy.username, proxy.password?.reveal() ?? null] : null
  return createHash('sha256')
    .update(JSON.stringify([url, username, token?.reveal() ?? null, ca ?? null, through, more]))
    .digest('hex')
}
