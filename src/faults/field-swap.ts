import {
  type ClusterField,
  type FaultWorld,
  type HarmWorld,
  type ObjectRef,
  type Proof,
  partOf,
  type UndoData
} from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import { objectOf, textOf, textOrNullOf } from './undo-reader.ts'

/** The harm of one field of one object: what it says before, and meanwhile. */
export interface Swap {
  object: ObjectRef
  field: ClusterField
  from: string | null
  to: string | null
  injection: string
}

/** What is in the undo record of a fault that changes a field. */
export function undoOf({ object: { kind, namespace, name, uid }, ...swap }: Swap): UndoData {
  return { ...swap, field: { ...swap.field }, object: { kind, namespace, name, uid } }
}

export function swapIn(undo: UndoData): Swap {
  const object = objectOf(undo, 'object')
  return {
    object: {
      kind: textOf(object, 'kind'),
      namespace: textOf(object, 'namespace'),
      name: textOf(object, 'name'),
      uid: textOf(object, 'uid')
    },
    field: fieldIn(objectOf(undo, 'field')),
    from: textOrNullOf(undo, 'from'),
    to: textOrNullOf(undo, 'to'),
    injection: textOf(undo, 'injection')
  }
}

/** What the field says now. Errors: `faults/gone`. */
export async function fieldNow(object: ObjectRef, field: ClusterField, { target }: FaultWorld): Promise<string | null> {
  const now = await partOf(target, 'cluster').fieldOf(object, field)
  if (now === undefined) throw gone(object)
  return now
}

/** Errors: `faults/gone`, and `faults/changed` where it no longer says what the undo record says. */
export async function applySwap({ undo, target }: HarmWorld): Promise<void> {
  const swap = swapIn(undo)
  const ended = await partOf(target, 'cluster').swapField(swap)
  if (ended.kind === 'gone') throw gone(swap.object)
  if (ended.kind === 'changed') throw changed(swap, ended.now)
}

/** Whether the field says what the fault makes it say. */
export async function proveSwapped({ undo, target }: HarmWorld): Promise<Proof> {
  const { object, field, to } = swapIn(undo)
  const now = await partOf(target, 'cluster').fieldOf(object, field)
  if (now === undefined) throw gone(object)
  return { proved: now === to, evidence: `${field.of} of ${nameOf(object)} is ${said(now)}` }
}

/** Undoes it where it still says what the fault made it say. What somebody else made of it stays. */
export async function swapBack(undo: UndoData, { target }: FaultWorld): Promise<void> {
  const { from, to, ...swap } = swapIn(undo)
  await partOf(target, 'cluster').swapField({ ...swap, from: to, to: from, last: true })
}

/** Whether the field says what it said; `also`: what is to be seen beside it where it does. */
export async function proveBack(undo: UndoData, world: FaultWorld, also?: () => Promise<Proof>): Promise<Proof> {
  const { object, field, from, to } = swapIn(undo)
  const now = await partOf(world.target, 'cluster').fieldOf(object, field)
  const what = `${field.of} of ${nameOf(object)}`
  if (now === undefined)
    return { proved: true, evidence: `${nameOf(object)} is gone`, drift: `${nameOf(object)} is gone` }
  if (now === to) return { proved: false, evidence: `${what} is still ${said(now)}` }
  if (now !== from) {
    const drift = `${what} was ${said(from)}, and somebody has changed it from ${said(to)} to ${said(now)} meanwhile: it was left so`
    return { proved: true, evidence: drift, drift }
  }
  const proof = await also?.()
  return { ...proof, proved: proof?.proved ?? true, evidence: join(`${what} is ${said(now)} again`, proof?.evidence) }
}

export function nameOf({ kind, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name}`
}

function said(value: string | null): string {
  return value === null ? 'not set' : value === '' ? 'empty' : value
}

function join(one: string, other: string | undefined): string {
  return other === undefined ? one : `${one}; ${other}`
}

function fieldIn(field: UndoData): ClusterField {
  const of = textOf(field, 'of')
  switch (of) {
    case 'replicas':
    case 'restart':
    case 'unschedulable':
      return { of }
    case 'image':
      return { of, container: textOrNullOf(field, 'container') }
    case 'selector':
    case 'label':
      return { of, label: textOf(field, 'label') }
    case 'taint':
      return { of, key: textOf(field, 'key'), effect: textOf(field, 'effect') }
    default:
      throw new AppError({
        code: 'faults/bad-undo',
        kind: 'stalled',
        message: `The undo record is damaged: ${of} is no field.`
      })
  }
}

function gone(object: ObjectRef): AppError {
  return new AppError({ code: 'faults/gone', kind: 'missing', message: `${nameOf(object)} is gone` })
}

function changed({ object, field, from }: Swap, now: string | null): AppError {
  const message = `${field.of} of ${nameOf(object)} was ${said(from)} a moment ago and is ${said(now)}: somebody else works on it`
  return new AppError({ code: 'faults/changed', kind: 'clash', message })
}
