import type { NodeReader } from './node-reader.ts'

/** Keys that change what is run; leaving one out would run something else than the file says. */
export const STEP_REFUSED = ['withParam', 'withSequence', 'hooks', 'onExit', 'templateRef', 'inline']
export const TEMPLATE_REFUSED = [
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
export const GROUP_REFUSED = ['retryStrategy', 'timeout', 'activeDeadlineSeconds']
export const DAG_REFUSED = ['target']
export const SPEC_REFUSED = ['workflowTemplateRef', 'synchronization', 'hooks', 'suspend']
export const RETRY_REFUSED = ['expression']

export function refuse(at: NodeReader, keys: readonly string[], who: string): void {
  for (const key of keys) {
    if (!at.at(key).missing)
      at.at(key).problem(
        'manifest/unsupported',
        `${who} uses ${key}, which this engine does not run; Argo Workflows runs it.`
      )
  }
}
