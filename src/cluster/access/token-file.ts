import { readFile } from 'node:fs/promises'
import { AppError, type Clock, Secret } from '../../platform/index.ts'

const FRESH_MS = 10_000

/** The token in a file, read again after 10 s: the kubelet rotates it. Errors: `cluster/no-credentials`. */
export function tokenFile(path: string, clock: Clock): () => Promise<Secret> {
  let kept: { token: Secret; until: number } | undefined
  return async () => {
    const now = clock.now().getTime()
    if (kept !== undefined && now < kept.until) return kept.token
    try {
      kept = { token: new Secret((await readFile(path, 'utf8')).trim()), until: now + FRESH_MS }
      return kept.token
    } catch (cause) {
      const message = `The token of the cluster cannot be read from ${path}: ${(cause as Error).message}.`
      throw new AppError({ code: 'cluster/no-credentials', kind: 'stalled', message, cause })
    }
  }
}
