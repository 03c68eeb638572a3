/** The service that a DNS name of the infrastructure means, seen from a namespace; null for any other name. */
export function serviceNameOf(host: string, fromNamespace: string): { namespace: string; name: string } | null {
  const parts = host.toLowerCase().replace(/\.$/, '').split('.')
  const [name = '', namespace = fromNamespace, ...rest] = parts
  const suffix = rest.join('.')
  if (name === '' || !['', 'svc', 'svc.cluster.local'].includes(suffix)) return null
  return { namespace, name }
}
