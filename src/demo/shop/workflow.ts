import { SHOP_NAMESPACE, SHOP_WORKFLOW } from './manifest.ts'

/** The chaos workflow of the sample shop, in Argo's and Litmus' own format, as it is pushed to the demo's repository. */
export function shopWorkflow(name: string = SHOP_WORKFLOW): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: ${name}
spec:
  entrypoint: chaos
  templates:
    # First a pod of the catalog goes, then the reviews get slow. Customers should not notice either.
    - name: chaos
      steps:
        - - name: catalog-pod-delete
            template: catalog-pod-delete
        - - name: reviews-latency
            template: reviews-latency
${fault(CATALOG_POD_DELETE)}${fault(REVIEWS_LATENCY)}`
}

interface FaultText {
  name: string
  app: string
  fault: string
  env: Record<string, string>
  probes: string[]
}

const CATALOG_POD_DELETE: FaultText = {
  name: 'catalog-pod-delete',
  app: 'catalog',
  fault: 'pod-delete',
  env: { TOTAL_CHAOS_DURATION: '4', CHAOS_INTERVAL: '4', FORCE: 'false' },
  probes: [probe('storefront-answers', 'Continuous')]
}

const REVIEWS_LATENCY: FaultText = {
  name: 'reviews-latency',
  app: 'reviews',
  fault: 'pod-network-latency',
  env: { TOTAL_CHAOS_DURATION: '5', NETWORK_LATENCY: '3000' },
  probes: [probe('page-within-one-second', 'Continuous'), probe('page-back-to-normal', 'EOT')]
}

function probe(name: string, mode: string): string {
  return `                    - name: ${name}
                      type: httpProbe
                      mode: ${mode}
                      httpProbe/inputs:
                        url: http://storefront.${SHOP_NAMESPACE}.svc.cluster.local:8080/
                        method:
                          get:
                            criteria: ==
                            responseCode: "200"
                      runProperties:
                        probeTimeout: 1s
                        interval: 500ms
                        attempt: 1
`
}

function fault({ name, app, fault: faultName, env, probes }: FaultText): string {
  const tunables = Object.entries(env).map(
    ([key, value]) => `                        - name: ${key}\n                          value: "${value}"\n`
  )
  return `    - name: ${name}
      inputs:
        artifacts:
          - name: ${name}
            path: /tmp/${name}.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  generateName: ${name}
                  namespace: ${SHOP_NAMESPACE}
                spec:
                  engineState: active
                  appinfo:
                    appns: ${SHOP_NAMESPACE}
                    applabel: app=${app}
                    appkind: deployment
                  experiments:
                    - name: ${faultName}
                      spec:
                        components:
                          env:
${tunables.map(indent2).join('')}                        probe:
${probes.map(indentProbe).join('')}      container:
        image: litmuschaos/litmus-checker:latest
        args: ["-file=/tmp/${name}.yaml", "-saveName=/tmp/engine-name"]
`
}

function indent2(line: string): string {
  return line.replace(/^/gm, '    ').replace(/ +$/gm, '')
}

function indentProbe(text: string): string {
  return text.replace(/^(?=.)/gm, '      ')
}
