import type { Handler, ServiceContext } from './role.ts'

/** Longest wait for reviews in the versions that have one, in ms: a fraction of what a customer waits for a page. */
const REVIEWS_PATIENCE_MS = 250

/**
 * The page that customers see: products, and reviews beside them.
 * - v1 waits a quarter of a second for reviews, then shows the page without them
 * - v2 shows reviews first, and so waits for them as long as they take: fine every day, until `reviews` is slow
 * - v3 has v2's page and v1's patience
 */
export const storefront: Handler = async (_path, context) => {
  const products = await twice(() => get(`${context.url('catalog')}/products`))
  const patience = context.version === 'v2' ? undefined : AbortSignal.timeout(REVIEWS_PATIENCE_MS)
  return { version: context.version, ...(products as object), ...(await reviewsOf(context, patience)) }
}

async function reviewsOf(context: ServiceContext, patience: AbortSignal | undefined): Promise<object> {
  try {
    return (await get(`${context.url('reviews')}/reviews`, patience)) as object
  } catch {
    return { reviews: [], note: 'Reviews are on their way.' }
  }
}

/** A pod of the catalog may go at any time: one more try finds another. */
async function twice<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch {
    return await call()
  }
}

async function get(url: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { headers: { connection: 'close' }, ...(signal && { signal }) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}
