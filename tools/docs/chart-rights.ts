import { stringify } from 'yaml'
import type { FaultSchema } from '../../src/domain/index.ts'
import { faultSchemas } from '../../src/faults/index.ts'
import { argoRules, faultRules, ownRules, workRules } from '../../src/manifest/index.ts'

const HEAD = '# Rights of the agent, from the code that makes the manifest of the portal: npm run docs\n'

/** What the agent's chart grants, by fault: so that it and the manifest of the portal cannot differ. */
export function chartRights(): string {
  const needy = faultSchemas.filter(({ rights = [] }) => rights.length > 0)
  const onNodes = (fault: FaultSchema) => fault.harms === 'nodes'
  const byName = (faults: readonly FaultSchema[]) =>
    Object.fromEntries(faults.map((fault) => [fault.name, faultRules(fault)]))
  const rights = {
    observes: workRules([]),
    observesWithArgo: workRules([], { argo: true }),
    givesToArgo: argoRules(),
    keeps: ownRules(),
    faults: byName(needy.filter((fault) => !onNodes(fault))),
    nodeFaults: byName(needy.filter(onNodes))
  }
  return HEAD + stringify(rights, { lineWidth: 0, aliasDuplicateObjects: false })
}
