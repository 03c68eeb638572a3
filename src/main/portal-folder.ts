import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from '../platform/index.ts'

/** The built portal; null, with a warning, where it was not built: the API works without it. */
export async function portalFolder(log: Logger): Promise<string | null> {
  const folder = fileURLToPath(new URL('../../dist/portal', import.meta.url))
  try {
    await access(`${folder}/index.html`)
    return folder
  } catch {
    log.warn({ folder }, 'the portal is not built; run: npm run portal')
    return null
  }
}
