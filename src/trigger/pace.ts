import { isOpen } from '../domain/index.ts'
import { lastTriggered, policySuspension, type Tx, triggeredSince } from '../store/trigger/write.ts'
import { later } from './due.ts'
import type { Rule } from './rules.ts'

export const OUTSIDE = 'It is outside the windows of the policy.'

/** Why a rule that fits starts nothing now: suspended, outside its windows, too soon, or too often. null = it may. */
export async function heldBack(
  tx: Tx,
  { policy, does }: Rule,
  { workload, now }: { workload: { infrastructureId: string; uid: string }; now: Date }
): Promise<string | null> {
  const suspended = await policySuspension(tx, policy.id)
  if (suspended !== null) return `The policy is suspended: ${suspended}`
  if (!isOpen(does.windows, now)) return OUTSIDE
  return (await tooSoon(tx, { policy, does, workload, now })) ?? (await tooOften(tx, { policy, does, now }))
}

async function tooSoon(
  tx: Tx,
  ask: Pick<Rule, 'policy' | 'does'> & { workload: { infrastructureId: string; uid: string }; now: Date }
): Promise<string | null> {
  const { cooldownSeconds } = ask.does
  if (cooldownSeconds === 0) return null
  const last = await lastTriggered(tx, ask.policy.id, ask.workload)
  const end = last === null ? null : later(last, cooldownSeconds)
  return end === null || end <= ask.now ? null : `The policy cools down for this workload until ${end.toISOString()}.`
}

async function tooOften(
  tx: Tx,
  { policy, does, now }: Pick<Rule, 'policy' | 'does'> & { now: Date }
): Promise<string | null> {
  if (does.limit === null) return null
  const { runs, perSeconds } = does.limit
  if ((await triggeredSince(tx, policy.id, later(now, -perSeconds))) < runs) return null
  return `The limit of the policy is used up: ${runs} in ${perSeconds} s.`
}
