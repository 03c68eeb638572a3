import { type PortRef, portRef } from './container-spec.ts'
import type { ManifestReader } from './manifest-reader.ts'

export interface ServiceSpec {
  kind: 'Service'
  namespace: string
  name: string
  selector: Record<string, string>
  /** which port of its pods; null = the first one of the first container */
  targetPort: PortRef
  nodePort: number | null
  warnings: string[]
}

export function service(reader: ManifestReader, head: { namespace: string; name: string }): ServiceSpec {
  const spec = reader.at('spec')
  const selector = spec.at('selector').texts()
  if (Object.keys(selector).length === 0) throw spec.at('selector').error('is empty')
  const ports = spec.at('ports').items()
  const [port] = ports
  if (port === undefined || ports.length > 1) throw spec.at('ports').error('must name exactly one port')
  const number = port.at('port').integer({ min: 1, max: 65_535 })
  const nodePort = port.at('nodePort').missing ? null : port.at('nodePort').integer({ min: 1, max: 65_535 })
  return {
    kind: 'Service',
    ...head,
    selector,
    targetPort: portRef(port.at('targetPort')) ?? number,
    nodePort,
    warnings: []
  }
}
