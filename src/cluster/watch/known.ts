import { at, textAt } from '../../domain/index.ts'

/** What is kept of one object: what was projected of it, and the version that it had. */
export interface Known<T> {
  version: string
  object: T
}

/** What one event of a watch means for what is known. */
export type Step<T> =
  | { kind: 'put'; uid: string; version: string; object: T }
  | { kind: 'drop'; uid: string; version: string }
  /** nothing changed up to this version */
  | { kind: 'passed'; version: string }
  /** seen before */
  | { kind: 'nothing' }
  /** the watch cannot go on from here: a new list says how things are */
  | { kind: 'relist'; why: string }

/**
 * Judges one event of a watch that has come to `version`. Pure, and total: what is no event asks for a new list.
 * An event of a version that has been reached already is a repetition.
 */
export function stepOf<T>(event: unknown, version: string, project: (object: unknown) => T): Step<T> {
  const type = textAt(event, 'type')
  const object = at(event, 'object')
  if (type === 'ERROR') return { kind: 'relist', why: textAt(object, 'message') ?? 'the API server ended the watch' }
  const uid = textAt(object, 'metadata', 'uid')
  const now = textAt(object, 'metadata', 'resourceVersion')
  if (now === undefined) return { kind: 'relist', why: 'an event has no version' }
  if (!isLater(now, version)) return { kind: 'nothing' }
  if (type === 'BOOKMARK') return { kind: 'passed', version: now }
  if (uid === undefined) return { kind: 'relist', why: 'an event is about no object' }
  if (type === 'DELETED') return { kind: 'drop', uid, version: now }
  if (type === 'ADDED' || type === 'MODIFIED') return { kind: 'put', uid, version: now, object: project(object) }
  return { kind: 'relist', why: `an event is of the unknown type ${String(type).slice(0, 40)}` }
}

/** Whether a list shows anything else than what was known. */
export function differs<T>(known: ReadonlyMap<string, Known<T>>, listed: ReadonlyMap<string, Known<T>>): boolean {
  if (known.size !== listed.size) return true
  return [...listed].some(([uid, { version }]) => known.get(uid)?.version !== version)
}

/** Versions are numbers that grow with each write (KEP-5504); others are only equal, or not. */
function isLater(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return version !== than
  return BigInt(version) > BigInt(than)
}
