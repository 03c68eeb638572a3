import type { IconName } from '../../ui/icon.tsx'

/** One line of the palette: somewhere to go, or something to do. */
export interface Offer {
  /** unique among those that are shown */
  key: string
  group: 'Pages' | 'Actions' | 'Workflows' | 'Runs' | 'Infrastructures' | 'Projects'
  icon: IconName
  label: string
  /** quiet, right of the label */
  detail?: string
  /** found by these too, though they are not shown */
  words?: string
  choose: () => void
}

/** Those in which each typed word occurs; the better it fits the earlier, else in the order given. No word: all of them. */
export function fitting(offers: readonly Offer[], typed: string): Offer[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return offers
    .map((offer) => ({ offer, misfit: misfitOf(offer, words) }))
    .filter(({ misfit }) => misfit !== null)
    .sort((a, b) => (a.misfit ?? 0) - (b.misfit ?? 0))
    .map(({ offer }) => offer)
}

/** null: a word does not occur; 0: the label begins with the first word. */
function misfitOf({ label, detail = '', words: hidden = '' }: Offer, words: readonly string[]): number | null {
  const shown = label.toLowerCase()
  const all = `${shown} ${detail} ${hidden}`.toLowerCase()
  if (!words.every((word) => all.includes(word))) return null
  return words.reduce((sum, word, place) => sum + wordMisfit(shown, word, place), 0)
}

function wordMisfit(label: string, word: string, place: number): number {
  const at = label.indexOf(word)
  if (at === -1) return 3
  if (at === 0 && place === 0) return 0
  return /\w/.test(label[at - 1] ?? ' ') ? 2 : 1
}

/** What to search workflows for: the verb of an action is no part of a name. */
export function nameIn(typed: string): string {
  return typed.trim().replace(/^(run|runs of|open)\s+/i, '')
}

const RUN_ID = /^[0-9a-hjkmnp-tv-z]{26}$/

export function isRunId(typed: string): boolean {
  return RUN_ID.test(typed.trim())
}

/** How many of one group are shown at once: a few that fit say more than a long list. */
const MOST_OF_A_GROUP = 7

/** Best group first; within it as they came. */
export function grouped(offers: readonly Offer[]): { group: Offer['group']; offers: Offer[] }[] {
  const groups = Map.groupBy(offers, ({ group }) => group)
  return [...groups].map(([group, all]) => ({ group, offers: all.slice(0, MOST_OF_A_GROUP) }))
}
