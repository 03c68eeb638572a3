/** A workflow of ChaosHub's shape: the fault is installed, a ChaosEngine applied from an artifact, then cleaned up. */
export function hubWorkflow(
  name: string,
  { more = '', fault = 'pod-delete' }: { more?: string; fault?: string } = {}
): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: ${name} }
spec:
  entrypoint: argowf-chaos
  arguments: { parameters: [{ name: adminModeNamespace, value: NAMESPACE }] }
  templates:
    - name: argowf-chaos
      steps:
        - - { name: install-chaos-faults, template: install-chaos-faults }
        - - { name: ${fault}, template: ${fault} }
${more}        - - { name: cleanup-chaos-resources, template: cleanup-chaos-resources }
    - name: ask
      suspend: {}
    - name: install-chaos-faults
      inputs:
        artifacts:
          - name: install
            path: /tmp/install.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosExperiment
                metadata: { name: ${fault} }
                spec:
                  definition: { scope: Namespaced, image: "litmuschaos/go-runner:simulated", command: [/bin/bash], args: [-c, ./experiments] }
      container: { image: "litmuschaos/k8s:2.11.0", command: [sh, -c], args: ["kubectl apply -f /tmp/ -n {{workflow.parameters.adminModeNamespace}}"] }
    - name: ${fault}
      metadata: { annotations: { testbed.faultline.dev/hold: "true" } }
      inputs:
        artifacts:
          - name: ${fault}
            path: /tmp/chaosengine-${fault}.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  namespace: "{{workflow.parameters.adminModeNamespace}}"
                  generateName: ${fault}
                  labels: { workflow_run_id: "{{workflow.uid}}" }
                spec:
                  appinfo: { appns: "{{workflow.parameters.adminModeNamespace}}", applabel: app=web, appkind: deployment }
                  engineState: active
                  annotationCheck: "false"
                  chaosServiceAccount: default
                  experiments:
                    - name: ${fault}
                      spec:
                        components: { env: [{ name: TOTAL_CHAOS_DURATION, value: "30" }] }
                        probe:
                          - name: front
                            type: httpProbe
                            mode: Continuous
                            httpProbe/inputs: { url: "http://web", method: { get: { criteria: ==, responseCode: "200" } } }
                            runProperties: { probeTimeout: 1s, interval: 1s, attempt: 1 }
                          - name: back
                            type: httpProbe
                            mode: EOT
                            httpProbe/inputs: { url: "http://back", method: { get: { criteria: ==, responseCode: "200" } } }
                            runProperties: { probeTimeout: 1s, interval: 1s, attempt: 1 }
      container: { image: "litmuschaos/litmus-checker:2.11.0", args: ["-file=/tmp/chaosengine-${fault}.yaml", "-saveName=/tmp/engine-name"] }
    - name: cleanup-chaos-resources
      container: { image: "litmuschaos/k8s:2.11.0", command: [sh, -c], args: ["kubectl delete chaosengine -l workflow_run_id={{workflow.uid}} -n {{workflow.parameters.adminModeNamespace}}"] }
`
}
