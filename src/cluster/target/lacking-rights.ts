import { at, type ClusterRight } from '../../domain/index.ts'
import type { KubeClient } from '../client/kube-client.ts'

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/**
 * Which of these rights the account does not have in a namespace, or, with null, in the whole cluster: asked of the API server, as
 * `kubectl auth can-i` does. In words; null: it has all.
 */
export async function lackingRights(
  client: KubeClient,
  rights: readonly ClusterRight[],
  namespace: string | null
): Promise<string | null> {
  const asked = rights.flatMap(({ verbs, ...right }) => verbs.map((verb) => ({ ...right, verb })))
  const allowed = await Promise.all(asked.map((right) => isAllowed(client, right, namespace)))
  const lacking = asked.filter((_, index) => allowed[index] === false)
  if (lacking.length === 0) return null
  const place = namespace === null ? 'in the whole cluster' : `in namespace ${namespace}`
  const words = [...new Set(lacking.map(inWords))].join(', and to ')
  return `the agent's account lacks the right to ${words} ${place}: add it to its role, or apply the agent's manifest again`
}

type Asked = Omit<ClusterRight, 'verbs'> & { verb: string }

/** Undefined where the API server could not say: then the act itself will tell. */
async function isAllowed(client: KubeClient, asked: Asked, namespace: string | null): Promise<boolean | undefined> {
  const [resource = '', subresource] = asked.resource.split('/')
  const resourceAttributes = {
    ...{ group: asked.group, resource, verb: asked.verb },
    ...(namespace !== null && { namespace }),
    ...(subresource !== undefined && { subresource }),
    ...(asked.name !== undefined && { name: asked.name })
  }
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } }
  try {
    const review = await client.call({ method: 'POST', path: REVIEWS, body })
    if (at(review, 'status', 'allowed') === true) return true
    return at(review, 'status', 'evaluationError') === undefined ? false : undefined
  } catch {
    return undefined
  }
}

function inWords({ group, resource, verb }: Asked): string {
  return `${verb} ${group === '' ? resource : `${resource} of API group ${group}`}`
}
