import { faultSchemas } from '../../src/faults/index.ts'
import { agentAccount, manifestText } from '../../src/manifest/index.ts'

/** The account of an agent that observes a whole cluster, as the manifest of the portal has it. */
export function agentAccountText(): string {
  const account = agentAccount({
    ...{ namespace: 'faultline', watched: null, argo: null, nodeFaults: false, watch: [] },
    faults: faultSchemas
  })
  return `\`\`\`yaml\n${manifestText(account).trimEnd()}\n\`\`\``
}
