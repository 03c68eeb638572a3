import type { VersionStep } from './event-policy.ts'

export interface Version {
  numbers: readonly [major: number, minor: number, patch: number]
  /** empty = a release */
  prerelease: string
}

/** The version that a text is or, as an image, ends in: `shop/cart:v1.2.3-rc.1`. Missing parts are 0; null = it has none. */
export function versionOf(text: string): Version | null {
  const last = text.slice(0, 1000).split('@')[0]?.split(/[:/]/).at(-1) ?? ''
  const found = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(last)
  if (found === null) return null
  const [, major = '0', minor = '0', patch = '0', prerelease = ''] = found
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease }
}

/** Below 0: the first one is older. By semver.org, item 11. */
export function compareVersions(one: Version, other: Version): number {
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  return comparePrereleases(one.prerelease, other.prerelease)
}

/** How far it moved; null = not at all, or one of them is no version. */
export function versionStep(before: string, after: string): VersionStep | null {
  const [one, other] = [versionOf(before), versionOf(after)]
  if (one === null || other === null) return null
  const moved = compareVersions(one, other)
  if (moved === 0) return null
  if (moved > 0) return 'downgrade'
  const names = ['major', 'minor', 'patch'] as const
  return names.find((_, index) => one.numbers[index] !== other.numbers[index]) ?? 'prerelease'
}

function comparePrereleases(one: string, other: string): number {
  if (one === other) return 0
  if (one === '' || other === '') return one === '' ? 1 : -1
  const [a, b] = [one.split('.'), other.split('.')]
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compareIdentifiers(a[index] ?? '', b[index] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareIdentifiers(one: string, other: string): number {
  const [a, b] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (a && b) return Number(one) - Number(other)
  if (a !== b) return a ? -1 : 1
  return one < other ? -1 : one > other ? 1 : 0
}
