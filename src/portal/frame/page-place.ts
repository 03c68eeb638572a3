/** A page of a list in the address: its number for people, and where it begins. */
export interface PagePlace {
  page?: number | undefined
  after?: string | undefined
}

/** Of an address: anything else than a place is the first page. */
export function pagePlace({ page, after }: Record<string, unknown>): PagePlace {
  const whole = typeof page === 'number' && Number.isSafeInteger(page) && page > 1
  return whole && typeof after === 'string' && after !== '' ? { page, after } : {}
}
