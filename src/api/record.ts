import type { Accounts } from '../accounts/index.ts'
import type { Call } from './context.ts'

export interface Recorded {
  /** `noun.verb` */
  action: string
  /** null: it concerns no project */
  project: string | null
  target: string
  /** plain data without secrets */
  before?: unknown
  after?: unknown
}

/** The line of the audit for what the caller has just changed; with the accounts of `together` in the change's transaction. */
export function record(
  { user, address }: Call,
  accounts: Pick<Accounts, 'audit'>,
  { before = null, after = null, ...entry }: Recorded
): Promise<void> {
  return accounts.audit({ actor: user.login, address, ...entry, before, after })
}
