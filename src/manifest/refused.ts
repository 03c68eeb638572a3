import type { NodeReader } from './node-reader.ts'

/** Templates that do something themselves and that only Argo Workflows runs. */
export const LEAVES = ['script', 'data', 'http', 'plugin', 'containerSet']

/** Keys that change what is run; leaving one out would run something else than the file says. Argo Workflows knows them. */
export const STEP_BEYOND = ['withParam', 'withSequence', 'hooks', 'onExit']
export const TEMPLATE_BEYOND = [
  'script',
  'data',
  'http',
  'plugin',
  'containerSet',
  'synchronization',
  'memoize',
  'daemon'
]
/** of a template that has steps of its own */
export const GROUP_BEYOND = ['retryStrategy', 'timeout', 'activeDeadlineSeconds']
export const DAG_BEYOND = ['target']
export const SPEC_BEYOND = ['synchronization', 'hooks']
export const RETRY_BEYOND = ['expression']

/** What stands elsewhere, or begins another way: nobody could judge before the start what would be harmed. */
export const STEP_REFUSED = ['templateRef', 'inline']
export const SPEC_REFUSED = ['workflowTemplateRef', 'suspend', 'shutdown']

export function refuse(at: NodeReader, keys: readonly string[], who: string): void {
  for (const key of keys)
    if (!at.at(key).missing)
      at.at(key).problem('manifest/unsupported', `${who} uses ${key}: what it does cannot be judged before the start.`)
}

/** Only Argo Workflows does it. */
export function beyond(at: NodeReader, keys: readonly string[], who: string): void {
  for (const key of keys)
    if (!at.at(key).missing)
      at.at(key).beyond(
        'manifest/unsupported',
        `${who} uses ${key}, which the built-in engine does not run; Argo Workflows runs it.`
      )
}
