/** One word that may stand at the cursor. */
export interface Completion {
  label: string
  /** beside it: unit and default, or what it is called */
  detail?: string
  /** more, for the one that is chosen */
  info?: string
  /** what is written, where that is not the label */
  apply?: string
}
