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

/** What is built together. */
export const TIERS = { core: [CONTROL_PLANE, KWOK] } as const

export type Tier = keyof typeof TIERS
