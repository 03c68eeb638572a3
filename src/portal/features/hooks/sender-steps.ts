import alertmanager from '../../../../examples/hooks/alertmanager.yaml?raw'
import argoCd from '../../../../examples/hooks/argo-cd.yaml?raw'
import cloudEvents from '../../../../examples/hooks/cloudevents.sh?raw'
import flux from '../../../../examples/hooks/flux.yaml?raw'
import type { Hook } from '../../../contract/index.ts'

type Kind = Hook['kind']

export interface SenderSteps {
  sender: string
  /** where the secret goes, and what to do with the text below */
  steps: readonly string[]
  /** to paste, with the address of the hook */
  text: string
}

export const SENDERS: Record<Kind, string> = {
  'argo-cd': 'Argo CD',
  flux: 'Flux',
  alertmanager: 'Alertmanager',
  cloudevents: 'CloudEvents'
}

const STEPS: Record<Kind, readonly string[]> = {
  'argo-cd': [
    'Put the secret into the Secret argocd-notifications-secret, as faultline-token.',
    'Add this to the ConfigMap argocd-notifications-cm.',
    'Annotate an Application with notifications.argoproj.io/subscribe.on-deployed.faultline: ""'
  ],
  flux: [
    'kubectl -n flux-system create secret generic faultline-hook --from-literal=token=SECRET',
    'Apply these two; name your own Kustomizations and HelmReleases.'
  ],
  alertmanager: [
    'Put the secret into the file /etc/alertmanager/faultline-token.',
    'Add this route and this receiver to alertmanager.yml, and reload it.'
  ],
  cloudevents: [
    'Give your pipeline the secret as FAULTLINE_HOOK_TOKEN, and the address as FAULTLINE_HOOK_URL.',
    'Send an event, with an id of its own for each release, as these lines do.'
  ]
}

const EXAMPLES: Record<Kind, string> = { 'argo-cd': argoCd, flux, alertmanager, cloudevents: cloudEvents }
/** As the examples of the documentation have it. */
const ADDRESS = 'https://faultline.example.com/api/v1/hooks/start/HOOK'

/** What to do at the sender of a hook; the text is the example of the documentation. */
export function senderSteps({ kind, url }: Pick<Hook, 'kind' | 'url'>): SenderSteps {
  const lines = EXAMPLES[kind].split('\n').filter((line) => !line.startsWith('# ') && line !== '#')
  return { sender: SENDERS[kind], steps: STEPS[kind], text: lines.join('\n').replaceAll(ADDRESS, url).trim() }
}
