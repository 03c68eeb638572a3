import type { Load } from '../../engine/index.ts'

export interface PodLoad {
  /** who put it there; also how it is ended */
  id: string
  podUid: string
  load: Load
}

/** Where a pod writes, and how much it may; null = it has no limit. */
export interface PodStorage {
  folder: string
  limitBytes: number | null
}
