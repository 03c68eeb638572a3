import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/**
 * Whoever runs the machine may have given it authorities of his own: this process trusts them as git does, beside those
 * that come with Node. For all of the process, so for whoever starts it to say; without effect on Node before 24.5.
 */
export function trustSystemAuthorities(): void {
  if (typeof setDefaultCACertificates !== 'function') return
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])])
}
