import type { Infrastructure } from '../../contract/index.ts'

/** What an infrastructure is for, in words. */
export const ENVIRONMENTS: Record<Infrastructure['environment'], string> = {
  prod: 'production',
  'non-prod': 'not production'
}
