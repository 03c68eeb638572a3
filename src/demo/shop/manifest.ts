import { stringify } from 'yaml'
import { programFile } from '../../platform/index.ts'

export const SHOP_NAMESPACE = 'shop'
export const SHOP_WORKFLOW = 'storefront-resilience'

/** The sample shop as Kubernetes manifests: three Deployments, a Service before each. YAML, for `faultline local apply`. */
export function shopManifests(options: { node: string }): string {
  const objects = [
    ...service('catalog', { replicas: 2, node: options.node }),
    ...service('reviews', { replicas: 1, node: options.node }),
    ...service('storefront', { replicas: 2, node: options.node, annotations: OPT_IN })
  ]
  const services = objects.filter((object) => object.kind === 'Service')
  const deployments = objects.filter((object) => object.kind === 'Deployment')
  return [...services, ...deployments].map((object) => stringify(object)).join('---\n')
}

const OPT_IN = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': SHOP_WORKFLOW }

interface ServiceOptions {
  node: string
  replicas: number
  annotations?: Record<string, string>
}

function service(name: string, options: ServiceOptions) {
  const labels = { app: name }
  const container = {
    name,
    image: `shop/${name}:v1`,
    command: [options.node, programFile('./service', import.meta.url), name],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 0.2 }
  }
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: SHOP_NAMESPACE },
      spec: { selector: labels, ports: [{ port: 8080 }] }
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name,
        namespace: SHOP_NAMESPACE,
        labels,
        ...(options.annotations && { annotations: options.annotations })
      },
      spec: {
        replicas: options.replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 2, containers: [container] } }
      }
    }
  ]
}
