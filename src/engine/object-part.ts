/** Objects of any kind that an API server serves. */
export interface Objects {
  /** the first hundred of them, where there are more */
  find(query: ObjectQuery): Promise<FoundObject[]>
  /** answers its name */
  create(kind: ObjectKind, object: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>
  /** answers what was there; nothing is removed where there are more than a hundred, which is an error */
  remove(query: ObjectQuery): Promise<FoundObject[]>
}

/** A kind as paths name it; group '' is the core API, namespace null is the whole cluster. */
export interface ObjectKind {
  group: string
  version: string
  resource: string
  namespace: string | null
}

export interface ObjectQuery extends ObjectKind {
  /** these; the selectors count where none is named */
  names: readonly string[]
  fieldSelector: string
  labelSelector: string
  signal: AbortSignal
}

export interface FoundObject {
  name: string
  uid: string
  namespace: string | null
  labels: Readonly<Record<string, string>>
}
