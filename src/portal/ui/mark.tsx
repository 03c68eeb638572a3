/** The mark: a commit graph that a fault line has shifted. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" style={{ flex: 'none' }}>
      <g stroke="currentColor" strokeWidth="2.6" strokeLinecap="round">
        <path d="M1.8 11.5h2.4m7 0h2.3M18.5 20.5h2.3m7 0h2.4" />
        <circle cx="7.7" cy="11.5" r="3.5" />
        <circle cx="24.3" cy="20.5" r="3.5" />
      </g>
      <path d="M20.6 3 11.4 29" stroke="var(--fl-fault)" strokeWidth="3.2" strokeLinecap="round" />
    </svg>
  )
}
