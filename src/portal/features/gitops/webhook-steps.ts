/** What a git host's own pages ask for, in their words. */
export interface WebhookSteps {
  host: string
  /** where the form is, and what goes into it */
  steps: readonly string[]
  /** how the host itself sends one to try */
  test: string
}

export const WEBHOOK_STEPS: readonly WebhookSteps[] = [
  {
    host: 'GitHub',
    steps: [
      'Repository → Settings → Webhooks → Add webhook.',
      'Payload URL: the address above. Content type: application/json.',
      'Secret: the secret from here. Events: just the push event.'
    ],
    test: 'GitHub sends a ping as soon as the webhook is saved. Later: its page → Recent Deliveries → Redeliver.'
  },
  {
    host: 'GitLab',
    steps: [
      'Project → Settings → Webhooks → Add new webhook.',
      'URL: the address above. Secret token: the secret from here.',
      'Trigger: Push events. Leave SSL verification on.'
    ],
    test: 'In the list of webhooks: Test → Push events.'
  },
  {
    host: 'Gitea or Forgejo',
    steps: [
      'Repository → Settings → Webhooks → Add webhook, of the kind Gitea or Forgejo.',
      'Target URL: the address above. Method POST, content type application/json.',
      'Secret: the secret from here. Trigger: push events.'
    ],
    test: 'Open the saved webhook and press Test delivery, below.'
  },
  {
    host: 'Bitbucket',
    steps: [
      'Repository settings → Webhooks → Add webhook.',
      'URL: the address above. Secret: the secret from here.',
      'Triggers: Repository push.'
    ],
    test: 'bitbucket.org: View requests shows each delivery; push something to send one. Data Center: Test connection.'
  }
]

export const OWN_SCRIPT = 'A script of your own'

/** The commands that knock by hand; the secret stays in the shell of whoever runs them. */
export function knockScript(url: string): string {
  return [
    'read -rs SECRET',
    "body='{}'",
    'signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$SECRET" | sed \'s/^.* //\')',
    `curl -X POST -H "x-faultline-signature: sha256=$signature" -d "$body" ${url}`
  ].join('\n')
}

/** Only this machine finds such an address. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** `30 s`, `5 min`: as people say how often something is done. */
export function everyWords(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
