/** The mark: a commit graph that a fault line has shifted. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" style={{ flex: 'none' }}>
      <g stroke="currentColor" strokeWidth="2.3" strokeLinecap="round">
        <path d="M1.5 11h2.8m6.4 0h3.5M17.8 21h3.5m6.4 0h2.8" />
        <circle cx="7.5" cy="11" r="3.2" />
        <circle cx="24.5" cy="21" r="3.2" />
      </g>
      <path d="M21.5 1.5 16.8 13.4l3 1.9L10.5 30.5l4.2-11.6-3-1.9Z" fill="var(--fl-fault)" />
    </svg>
  )
}
