import { stringify } from 'yaml'

export interface ChaosStep {
  namespace: string
  /** of the workload, as Litmus' applabel names it */
  label: string
  kind?: string
  fault?: string
  env?: Record<string, string>
  probes?: readonly object[]
}

/** Litmus' word for the list */
const FAULTS = 'experiments'

/** A workflow of one fault, in Argo's and Litmus' own format. */
export function chaosWorkflow(name: string, { namespace, label, kind, fault, env, probes }: ChaosStep): string {
  const chosen = {
    name: fault ?? 'pod-delete',
    spec: {
      components: { env: Object.entries(env ?? {}).map(([name, value]) => ({ name, value })) },
      ...(probes !== undefined && { probe: probes })
    }
  }
  const engine = {
    apiVersion: 'litmuschaos.io/v1alpha1',
    kind: 'ChaosEngine',
    metadata: { generateName: name, namespace },
    spec: {
      engineState: 'active',
      appinfo: { appns: namespace, applabel: label, appkind: kind ?? 'deployment' },
      [FAULTS]: [chosen]
    }
  }
  return stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name },
    spec: {
      entrypoint: 'chaos',
      templates: [
        { name: 'chaos', steps: [[{ name: 'harm', template: 'harm' }]] },
        {
          name: 'harm',
          inputs: { artifacts: [{ name: 'harm', path: '/tmp/harm.yaml', raw: { data: stringify(engine) } }] },
          container: {
            image: 'litmuschaos/litmus-checker:latest',
            args: ['-file=/tmp/harm.yaml', '-saveName=/tmp/name']
          }
        }
      ]
    }
  })
}
