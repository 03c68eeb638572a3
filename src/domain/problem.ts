/** One thing wrong with a text, for people and editors. */
export interface Problem {
  /** stable, `room/slug` */
  code: string
  message: string
  severity: 'error' | 'warning'
  /** 1-based; absent where the whole file is meant */
  line?: number
  column?: number
  /** where in the document, for example `spec.templates[1].inputs` */
  path?: string
}
