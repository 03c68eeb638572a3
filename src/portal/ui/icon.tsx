/** Line icons on a 16 px grid, drawn for this product; decorative, so always beside a word or an aria-label. */
const PATHS = {
  overview: 'M2.5 7.2 8 2.8l5.5 4.4v6H9.8V9.6H6.2v3.6H2.5Z',
  workflows: 'M3 3.2h4v3H3Zm6 6.6h4v3H9ZM5 6.2v5.1h4M7 4.7h6.4',
  runs: 'M5 3.2v9.6L13 8Z',
  settings:
    'M2.5 4.8h5.7m3.6 0h1.7M2.5 11.2h1.7m3.6 0h5.7M8.2 4.8a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0M4.2 11.2a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0',
  check: 'm3 8.6 3.2 3.2L13 4.6',
  cross: 'm4 4 8 8m0-8-8 8',
  clock: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 1 0 8 2.2M8 4.8V8l2.2 1.6',
  alert: 'M8 2.4 14.2 13H1.8ZM8 6.6v3M8 11.3v.2',
  stop: 'M4.2 4.2h7.6v7.6H4.2Z',
  skip: 'm3.4 4 4.2 4-4.2 4m5-8 4.2 4-4.2 4',
  minus: 'M3.5 8h9',
  undo: 'M5.8 3.2 3 6l2.8 2.8M3 6h6.2a3.6 3.6 0 0 1 0 7.2H6',
  drift: 'M2.5 8c1.8-3.4 3.7-3.4 5.5 0s3.7 3.4 5.5 0',
  leak: 'M8 2.4c2.6 3.3 4 5.3 4 7.2a4 4 0 0 1-8 0C4 7.7 5.4 5.7 8 2.4Z',
  commit: 'M1.8 8h3.6m5.2 0h3.6M5.4 8a2.6 2.6 0 1 0 5.2 0 2.6 2.6 0 1 0-5.2 0',
  branch:
    'M4.5 5.3v5.4m0-5.4a1.5 1.5 0 1 0 0-3 1.5 1.5 0 1 0 0 3m0 8.4a1.5 1.5 0 1 0 0-3 1.5 1.5 0 1 0 0 3m7-7.4a1.5 1.5 0 1 0 0-3 1.5 1.5 0 1 0 0 3m0 0c0 3-7 1.7-7 4.4',
  conflict: 'M8 13.5V9L4 5m0 0v3m0-3h3m1 4 4-4m0 0v3m0-3H9',
  hold: 'M5.8 3.5v9m4.4-9v9',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 2.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 1 0 0-8.8m3.2 7.6 3.3 3.3',
  sync: 'M13 6.5A5.3 5.3 0 0 0 3.6 5M3 9.5A5.3 5.3 0 0 0 12.4 11M3.4 2.4V5H6m6.6 8.6V11H10',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6M8 1.6v1.4m0 10v1.4M1.6 8H3m10 0h1.4M3.5 3.5l1 1m7 7 1 1m0-9-1 1m-7 7-1 1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6Z',
  user: 'M8 2.6a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 1 0 0-5.4M2.8 13.4c.6-2.4 2.6-3.7 5.2-3.7s4.6 1.3 5.2 3.7',
  down: 'm4 6.2 4 4 4-4',
  right: 'm6.2 4 4 4-4 4',
  copy: 'M5.5 5.5h7v7h-7Zm-2 5v-7h7',
  trash: 'M3 4.5h10M6.3 4.5V2.8h3.4v1.7m-5.4 0 .6 8.7h6.2l.6-8.7',
  file: 'M4 2.3h5l3 3v8.4H4Zm5 0v3h3',
  edit: 'M3 13l.6-3 6.7-6.7 2.4 2.4L6 12.4Z',
  bolt: 'M9 1.8 3.8 9H7.6L7 14.2 12.2 7H8.4Z',
  probe: 'M2 8h3l1.6-4 2.6 8L10.9 8H14',
  target: 'M8 2.4a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 1 0 8 2.4m0 3.4a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 1 0 0-4.4',
  server: 'M2.8 3h10.4v4H2.8Zm0 6h10.4v4H2.8ZM5 5h.1M5 11h.1',
  key: 'M5.5 7.9a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 1 0 0-5.2m1.9.7L13 3m-2.5 2.5 1.8 1.8',
  external: 'M9.5 3H13v3.5M13 3 7.5 8.5M11 9v4H3V5h4',
  dots: 'M3.5 8h.1M8 8h.1m4.4 0h.1'
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'dots' ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
