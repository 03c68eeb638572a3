import type { Page } from 'playwright-core'

export interface Picture {
  name: string
  /** only what fits into the window */
  whole?: false
  signedOut?: true
  /** it goes on loading */
  moving?: true
  /** goes there, and waits until what is to be seen is there */
  open(page: Page): Promise<void>
}
