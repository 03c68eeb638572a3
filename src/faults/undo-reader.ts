import type { UndoData } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'

/** Undo data comes back from a file: read with care, so that a damaged record says so instead of undoing nothing. */
export function textOf(undo: UndoData, key: string): string {
  const value = undo[key]
  if (typeof value === 'string') return value
  throw damaged(key)
}

/** null where it says null */
export function textOrNullOf(undo: UndoData, key: string): string | null {
  return undo[key] === null ? null : textOf(undo, key)
}

export function objectOf(undo: UndoData, key: string): UndoData {
  const value = undo[key]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as UndoData
  throw damaged(key)
}

export function textsOf(undo: UndoData, key: string): string[] {
  const value = undo[key]
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw damaged(key)
}

export function labelsOf(undo: UndoData, key: string): Record<string, string> {
  const value = undo[key]
  if (typeof value !== 'object' || value === null) throw damaged(key)
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (typeof text !== 'string') throw damaged(key)
      return [name, text]
    })
  )
}

function damaged(key: string): AppError {
  const message = `The undo record is damaged: ${key} is missing.`
  return new AppError({ code: 'faults/bad-undo', kind: 'stalled', message })
}
