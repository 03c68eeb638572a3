/** Units as `tc` reads them, which is what the tunables mean in Litmus. */
const RATES: Readonly<Record<string, number>> = {
  '': 1 / 8,
  bit: 1 / 8,
  kbit: 1e3 / 8,
  mbit: 1e6 / 8,
  gbit: 1e9 / 8,
  bps: 1,
  kbps: 1e3,
  mbps: 1e6,
  gbps: 1e9
}

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3
}

/** `1mbit` (bits), `128kbps` (bytes) → bytes in a second; null = it is none */
export function bytesPerSecondOf(text: string): number | null {
  return quantity(text, RATES)
}

/** `32kb` → bytes; null = it is none */
export function bytesOf(text: string): number | null {
  return quantity(text, SIZES)
}

function quantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text.toLowerCase()) ?? []
  const factor = units[unit]
  if (number === '' || factor === undefined) return null
  const value = Math.floor(Number(number) * factor)
  return value >= 1 && Number.isSafeInteger(value) ? value : null
}
