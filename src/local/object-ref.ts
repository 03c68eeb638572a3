import { AppError } from '../platform/index.ts'

const SHORT: ReadonlyMap<string, string> = new Map([
  ['deploy', 'deployment'],
  ['sts', 'statefulset'],
  ['ds', 'daemonset'],
  ['po', 'pod'],
  ['svc', 'service']
])

/** `deployments`, `deploy` and `Deployment` are one thing to people. */
export function kindOf(kind: string): string {
  const lower = kind.toLowerCase()
  return SHORT.get(lower) ?? lower.replace(/s$/, '')
}

/** `deployment/cart` */
export function refText({ kind, name }: { kind: string; name: string }): string {
  return `${kindOf(kind)}/${name}`
}

export function missing(message: string): AppError {
  return new AppError({ code: 'local/missing', kind: 'missing', message })
}

export function invalid(message: string): AppError {
  return new AppError({ code: 'local/invalid', kind: 'invalid', message })
}
