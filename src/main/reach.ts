import { isLoopbackHost } from './exposed-server.ts'
import type { ServerSettings } from './settings.ts'

type Where = Pick<ServerSettings, 'host' | 'port' | 'publicUrl' | 'certificate'>

/** The address that people open, as it is set or as it follows from where the server listens. */
export function publicUrlOf({ host, port, publicUrl, certificate }: Where): URL {
  return publicUrl ?? new URL(`${certificate === null ? 'http' : 'https'}://${inUrl(host)}:${port}`)
}

/** Why passwords could be read on the way, one sentence; null: they cannot, or do not leave the machine. */
export function exposureWarning(where: Where): string | null {
  if (isLoopbackHost(inUrl(where.host)) || publicUrlOf(where).protocol === 'https:') return null
  return (
    `The server listens on ${where.host} without TLS: passwords and tokens can be read on the way. Set FAULTLINE_TLS_CERT ` +
    'and FAULTLINE_TLS_KEY, or put a proxy that ends TLS in front and set FAULTLINE_PUBLIC_URL to its https address.'
  )
}

function inUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}
