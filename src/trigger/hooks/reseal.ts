import type { Sealer, Secret } from '../../platform/index.ts'
import type { Db } from '../../store/index.ts'
import { holdHook, sealedHooks, updateHook } from '../../store/trigger/write.ts'
import { sealContext } from './proof.ts'

/** Seals the keys of hooks anew with the current key; names those that no key opens, which need a new secret. */
export async function resealHooks({ db, sealer }: { db: Db; sealer: Sealer }) {
  let credentials = 0
  const unreadable: string[] = []
  for (const id of await sealedHooks(db)) {
    await db.transaction().execute(async (tx) => {
      const hook = await holdHook(tx, id)
      if (!hook?.secretSealed) return
      const opened = open(sealer, hook.secretSealed, id)
      if (opened === null) return void unreadable.push(`${hook.projectId} (hook ${hook.name})`)
      await updateHook(tx, id, { secretSealed: sealer.seal(opened, sealContext(id)) })
      credentials++
    })
  }
  return { credentials, unreadable }
}

function open(sealer: Sealer, sealed: Buffer, id: string): Secret | null {
  try {
    return sealer.open(sealed, sealContext(id))
  } catch {
    return null
  }
}
