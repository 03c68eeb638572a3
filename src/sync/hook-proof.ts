import type { SyncStateRow } from '../store/index.ts'

/** how much slower the branch is polled while its webhook can be relied on */
const STRETCH = 10
const LONGEST_POLL_SECONDS = 600

type Before = Pick<SyncStateRow, 'hookAt' | 'checkedAt' | 'knockedAt' | 'hookProvedAt'>

/**
 * Since when the webhook can be relied on, after a pass that began at `before`. A change of the branch that it announced
 * proves it; one that was found by the clock, without a knock, ends that. A pass that somebody else asked for says
 * nothing. Pure.
 */
export function provedBy(before: Before, { moved, now }: { moved: boolean; now: Date }): Date | null {
  if (!moved) return before.hookProvedAt
  const { hookAt, checkedAt } = before
  if (hookAt !== null && (checkedAt === null || hookAt > checkedAt)) return now
  return before.knockedAt === null ? null : before.hookProvedAt
}

/** Seconds between two polls: ten times what was asked for where a webhook has proved itself, at most ten minutes. Pure. */
export function pollEvery(pollSeconds: number, hookProvedAt: Date | null): number {
  if (hookProvedAt === null) return pollSeconds
  return Math.max(pollSeconds, Math.min(pollSeconds * STRETCH, LONGEST_POLL_SECONDS))
}
