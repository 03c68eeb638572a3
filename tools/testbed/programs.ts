import { join } from 'node:path'

/** One Go program that is built: by which module of `programs/`, and what comes beside it out of the same release. */
export interface Unit {
  name: string
  /** folder below `programs/`: a Go module of its own, because the releases do not agree on their dependencies */
  module: string
  /** the package with its `main` */
  package: string
  /** the names it is started under; by several it acts as several programs */
  commands: readonly string[]
  /** the release that `-X` writes into it; a program asks it of itself */
  version?: { of: string; variable: string }
  /** definitions of its kinds, copied out of the module cache beside the program */
  definitions?: { of: string; folder: string }
}

export const MODULES = join(import.meta.dirname, 'programs')

const CONTROL_PLANE: Unit = {
  name: 'control-plane',
  module: 'control-plane',
  package: '.',
  commands: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  version: { of: 'k8s.io/kubernetes', variable: 'k8s.io/component-base/version.gitVersion' }
}

const KWOK: Unit = { name: 'kwok', module: 'addons', package: 'sigs.k8s.io/kwok/cmd/kwok', commands: ['kwok'] }

const ARGO: Unit = {
  name: 'workflow-controller',
  module: 'addons',
  package: 'github.com/argoproj/argo-workflows/v3/cmd/workflow-controller',
  commands: ['workflow-controller'],
  // the full ones are 7 MB of schema, which takes the API server 15 s to swallow
  definitions: { of: 'github.com/argoproj/argo-workflows/v3', folder: 'manifests/base/crds/minimal' }
}

const LITMUS: Unit = {
  name: 'chaos-operator',
  module: 'chaos-operator',
  package: 'github.com/litmuschaos/chaos-operator',
  commands: ['chaos-operator'],
  definitions: { of: 'github.com/litmuschaos/chaos-operator', folder: 'deploy/crds' }
}

const HELM: Unit = { name: 'helm', module: 'addons', package: 'helm.sh/helm/v3/cmd/helm', commands: ['helm'] }

/** The core is a cluster; `argo` is what runs on it beside. */
export const TIERS = { core: [CONTROL_PLANE, KWOK], argo: [ARGO, LITMUS, HELM] } as const

export type Tier = keyof typeof TIERS
