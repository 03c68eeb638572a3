import type { ImageChange } from './observation.ts'

/** Why a run exists, kept whole on its request and shown as its headline. */
export type Cause =
  | { kind: 'manual'; user: string }
  | { kind: 'api'; user: string }
  | {
      kind: 'workload-change'
      change: string
      infrastructure: string
      workload: { kind: string; namespace: string; name: string; uid: string }
      images: readonly ImageChange[]
    }

/** One sentence: "the image of deployment/cart changed from shop/cart:v1 to shop/cart:v2". */
export function causeSentence(cause: Cause): string {
  if (cause.kind === 'manual') return `${cause.user} started it`
  if (cause.kind === 'api') return `${cause.user} started it through the API`
  const name = `${cause.workload.kind.toLowerCase()}/${cause.workload.name}`
  return cause.images.map((image) => imageSentence(name, image)).join('; ')
}

function imageSentence(workload: string, { container, before, after }: ImageChange): string {
  if (before === null) return `container ${container} (${after}) was added to ${workload}`
  if (after === null) return `container ${container} (${before}) was removed from ${workload}`
  return `the image of ${workload} changed from ${before} to ${after}`
}
