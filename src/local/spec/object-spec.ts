import { AppError } from '../../platform/index.ts'
import { label } from './container-spec.ts'
import { ManifestReader } from './manifest-reader.ts'
import { type ServiceSpec, service } from './service-spec.ts'
import { WORKLOAD_KINDS, type WorkloadSpec, workload } from './workload-spec.ts'

export type ObjectSpec = WorkloadSpec | ServiceSpec

/** One manifest as a workload or a Service; what would be silently without effect is refused or warned of. */
export function parseObject(manifest: unknown, position: number): ObjectSpec {
  const anonymous = new ManifestReader(manifest, `Object ${position + 1}`)
  const kind = anonymous.at('kind').text()
  const name = anonymous.at('metadata').at('name').text()
  const reader = new ManifestReader(manifest, `${kind}/${name}`)
  const metadata = reader.at('metadata')
  const namespace = metadata.at('namespace')
  const head = { namespace: namespace.missing ? 'default' : label(namespace), name: label(metadata.at('name')) }
  const apiVersion = reader.at('apiVersion').text()
  if (kind === 'Service' && apiVersion === 'v1') return service(reader, head)
  const known = WORKLOAD_KINDS.find((one) => one === kind)
  if (known !== undefined && apiVersion === 'apps/v1') return workload(reader, known, head)
  const message = `${kind}/${name} (${apiVersion}) cannot run on a local infrastructure. ${WORKLOAD_KINDS.join(', ')} (apps/v1) and Service (v1) can.`
  throw new AppError({ code: 'local/unknown-kind', kind: 'invalid', message })
}
