import type { RenameBody } from '../contract/index.ts'
import { isDnsLabel, renamedPath } from '../domain/index.ts'
import { parseDefinition, renamedText } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import type { Answer, ApiOptions, Call } from './context.ts'
import { knownWorkflow, messageOf, requireMatch, submit } from './edit.ts'

/** The text gets another name and the file goes along, as one edit: with GitOps on, one commit. */
export async function submitRename(call: Call, api: ApiOptions, name: string): Promise<Answer> {
  const to = (call.body as RenameBody).name.trim()
  const known = await knownWorkflow(call, api, name)
  requireMatch(call, known.head)
  requireAnotherName(known.nextName, to)
  const { path, nextName: oldName, head } = known
  const newPath = renamedPath(path, to)
  const text = renamedText(head, to)
  const parsed = parseDefinition(text, { catalogue: api.catalogue, path: newPath })
  if (!parsed.ok || parsed.manifest.name !== to) throw notByItself(oldName, to)
  const where = { path, newPath: newPath === path ? null : newPath }
  const message = messageOf(call, `Rename ${oldName} to ${to}`)
  return submit(call, api, { ...where, name: to, action: 'rename', head, text, message, oldName })
}

function requireAnotherName(from: string, to: string): void {
  if (!isDnsLabel(to)) {
    const message = `"${to}" cannot be the name of a workflow: 1 to 63 of a-z, 0-9 and "-", not "-" at the ends.`
    throw new AppError({ code: 'api/bad-name', kind: 'invalid', message })
  }
  if (from !== to) return
  throw new AppError({ code: 'api/bad-name', kind: 'invalid', message: `The workflow is named ${to} already.` })
}

function notByItself(from: string, to: string): AppError {
  const message = `The manifest of ${from} cannot be renamed by itself: give it metadata.name ${to} as a new workflow, or in git.`
  return new AppError({ code: 'api/cannot-rename', kind: 'invalid', message })
}
