import { KubeClient } from '../../src/cluster/index.ts'
import { Secret, systemClock } from '../../src/platform/index.ts'
import type { KubeApi } from '../../tools/testbed/kube-api.ts'

/** The product's own client, with the account of this one. */
export function clientOf({ way }: KubeApi): KubeClient {
  const access = {
    server: new URL(way.url),
    ca: way.ca,
    serverName: null,
    certificate: null,
    token: async () => new Secret(way.token),
    namespace: 'default',
    from: 'the test'
  }
  return new KubeClient(access, systemClock)
}
