import { createSealer } from '../platform/index.ts'
import { openDatabase } from '../store/index.ts'
import { type Resealed, reseal } from '../sync/index.ts'
import { resealHooks } from '../trigger/index.ts'
import { usage } from './command-line.ts'
import { quietStore, requireDatabase } from './database.ts'
import { loadSecretKey } from './secret-key.ts'
import type { ServerSettings } from './settings.ts'

/** `faultline admin rotate-key`: what the old key sealed is sealed with the new one; also beside a server that has both. */
export async function rotateKey(settings: ServerSettings): Promise<Resealed> {
  requireDatabase(settings)
  if (settings.oldSecretKey === null) throw usage('FAULTLINE_SECRET_KEY_OLD is not set: give the key before in it.')
  const sealer = createSealer(await loadSecretKey(settings.secretKey, settings.dataFolder), [settings.oldSecretKey])
  const database = await openDatabase({ ...quietStore(settings), besideServer: true })
  try {
    const wish = { db: database.db, sealer }
    const [ofGit, ofHooks] = [await reseal(wish), await resealHooks(wish)]
    return {
      credentials: ofGit.credentials + ofHooks.credentials,
      unreadable: [...ofGit.unreadable, ...ofHooks.unreadable]
    }
  } finally {
    await database.close()
  }
}
