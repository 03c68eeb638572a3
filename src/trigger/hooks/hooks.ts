import type { HookKind } from '../../domain/index.ts'
import { AppError, newId } from '../../platform/index.ts'
import { type HookRow, transaction } from '../../store/index.ts'
import {
  countHooks,
  deleteHook,
  holdHook,
  hookNamed,
  insertHook,
  type Tx,
  updateHook
} from '../../store/trigger/write.ts'
import type { HookDesk } from './desk.ts'
import { hearCall } from './hear.ts'
import { newProof } from './proof.ts'

/** What its owner says of a hook. */
export interface HookWish {
  name: string
  workflow: string
  infrastructureId: string | null
  parameters: Record<string, string>
  only: Record<string, string>
  limit: { runs: number; perSeconds: number }
  paused: boolean
}

interface Which {
  project: string
  id: string
}

const MOST_HOOKS = 50

/** Hooks that start something: made, changed and removed by people, called by other systems. */
export function createHooks(desk: HookDesk) {
  const { store, sealer, clock } = desk
  return {
    /** Its secret is answered once, here. */
    make: (project: string, { kind, ...wish }: HookWish & { kind: HookKind }) =>
      transaction(store.db, async (tx) => {
        if ((await countHooks(tx, project)) >= MOST_HOOKS) throw tooMany(project)
        const now = clock.now()
        const id = newId(now)
        const { secret, ...proof } = newProof(sealer, { id, kind })
        const row = { id, projectId: project, kind, ...columnsOf(wish), ...proof }
        const made = await insertHook(tx, { ...row, refusedAt: null, refusal: null, createdAt: now })
        if (!made) throw nameTaken(wish.name)
        return { id, secret }
      }),

    change: ({ project, id }: Which, wish: HookWish) =>
      transaction(store.db, async (tx) => {
        await held(tx, { project, id })
        const named = await hookNamed(tx, project, wish.name)
        if (named !== undefined && named.id !== id) throw nameTaken(wish.name)
        await updateHook(tx, id, columnsOf(wish))
      }),

    /** The one before counts no more. */
    renewSecret: (which: Which) =>
      transaction(store.db, async (tx) => {
        const { id, kind } = await held(tx, which)
        const { secret, ...proof } = newProof(sealer, { id, kind })
        await updateHook(tx, id, { ...proof, refusedAt: null, refusal: null })
        return secret
      }),

    remove: async ({ project, id }: Which) => {
      if (!(await deleteHook(store.db, project, id))) throw unknownHook()
    },

    hear: (id: string, call: Parameters<typeof hearCall>[2]) => hearCall(desk, id, call)
  }
}

function columnsOf({ parameters, only, limit, ...wish }: HookWish) {
  return {
    ...wish,
    parameters: JSON.stringify(parameters),
    onlyWhere: JSON.stringify(only),
    limitRuns: limit.runs,
    limitSeconds: limit.perSeconds
  }
}

async function held(tx: Tx, { project, id }: Which): Promise<HookRow> {
  const hook = await holdHook(tx, id)
  if (hook?.projectId === project) return hook
  throw unknownHook()
}

function unknownHook(): AppError {
  return new AppError({
    code: 'trigger/unknown-hook',
    kind: 'missing',
    message: 'There is no such hook in this project.'
  })
}

function nameTaken(name: string): AppError {
  const message = `The project has a hook ${name} already; choose another name.`
  return new AppError({ code: 'trigger/hook-name-taken', kind: 'clash', message })
}

function tooMany(project: string): AppError {
  const message = `Project ${project} has ${MOST_HOOKS} hooks, the most that it may have; remove one first.`
  return new AppError({ code: 'trigger/too-many-hooks', kind: 'stalled', message })
}
