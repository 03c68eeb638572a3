import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentAccountText } from './agent-account.ts'
import type { Blocks } from './blocks.ts'
import {
  api,
  apiErrors,
  deniedNamespaces,
  faults,
  fileLimits,
  guardrailDefaults,
  kinds,
  probes,
  refusedKeys,
  roles,
  settings
} from './reference.ts'
import { roomTable, sideDoors } from './rooms.ts'
import { ownersList, tableReference } from './tables.ts'

/** Everything that pages may have generated, by name. */
export function createBlocks(root: string): Blocks {
  return {
    settings: () => settings(root),
    faults: () => faults(root),
    probes,
    roles,
    api,
    'api-errors': () => apiErrors(root),
    'argo-kinds': kinds,
    'argo-refused': () => refusedKeys(root),
    'argo-limits': fileLimits,
    guardrails: guardrailDefaults,
    'denied-namespaces': () => deniedNamespaces(root),
    tables: () => tableReference(root),
    owners: () => ownersList(root),
    rooms: () => roomTable(root),
    'side-doors': () => sideDoors(root),
    'agent-account': agentAccountText,
    'example-policy': () => yamlFile(root, 'docs/guides/examples/cart-releases.yaml'),
    'example-workflow': () => yamlFile(root, 'docs/guides/examples/cart-resilience.yaml'),
    'example-careful': () => yamlFile(root, 'docs/guides/examples/careful-release.yaml'),
    'example-workload': () => yamlFile(root, 'docs/guides/examples/cart.yaml')
  }
}

function yamlFile(root: string, path: string): string {
  return `\`\`\`yaml\n${readFileSync(join(root, path), 'utf8').trimEnd()}\n\`\`\``
}
