import type { DeletedWorkflow } from '../contract/index.ts'
import { type DefinitionRow, deletedDefinition, listDeleted, revisionText } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { knownWorkflow, messageOf, parsedName, requireMatch, submit } from './edit.ts'
import { numberCursor, pageOf, pageRequest } from './page.ts'
import { project, unknown } from './run-routes.ts'
import { revisionNumber, yaml } from './workflow-routes.ts'

/** What was is saved again, on the same way as every edit: with GitOps on, as a commit. */
export const restoreRoutes: Handlers<'restoreRevision' | 'listDeleted' | 'deletedManifest' | 'restoreDeleted'> = {
  restoreRevision: async (call, api) => {
    const known = await knownWorkflow(call, api, call.params.name ?? '')
    requireMatch(call, known.head)
    const number = revisionNumber(call.params.number ?? '')
    const id = known.definition?.id
    const text = number === undefined || id === undefined ? undefined : await revisionText(api.store.db, id, number)
    if (text === undefined) throw unknown('revision', call.params.number ?? '')
    const { path, head } = known
    const name = parsedName(api, { text, path, names: [known.nextName] })
    const message = messageOf(call, `Restore revision ${number} of ${name}`)
    return submit(call, api, { path, name, action: 'restore', head, text, message })
  },

  listDeleted: async (call, { store }) => {
    const { limit, from: offset = 0 } = pageRequest(call, numberCursor)
    const rows = await listDeleted(store.db, project(call), { limit: limit + 1, offset })
    return { body: pageOf(rows, { limit, key: () => numberCursor.write(offset + limit), view: deletedView }) }
  },

  deletedManifest: async (call, api) => yaml((await deletedText(call, api)).text),

  restoreDeleted: async (call, api) => {
    const { definition, text } = await deletedText(call, api)
    const { path } = definition
    const name = parsedName(api, { text, path })
    const message = messageOf(call, `Restore ${name}`)
    return submit(call, api, { path, name, action: 'restore', head: null, text, message })
  }
}

async function deletedText(call: Call, { store }: ApiOptions): Promise<{ definition: DefinitionRow; text: string }> {
  const id = call.params.definition ?? ''
  const definition = await deletedDefinition(store.db, project(call), id)
  const text = definition && (await revisionText(store.db, definition.id, definition.revision))
  if (definition === undefined || text === undefined) throw unknown('deleted workflow', id)
  return { definition, text }
}

function deletedView({ id, name, path, deletedAt }: DefinitionRow): DeletedWorkflow {
  return { definition: id, name, path, deletedAt: (deletedAt ?? new Date(0)).toISOString() }
}
