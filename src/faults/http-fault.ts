import type { FaultSchema, TunableSchema } from '../domain/index.ts'
import type { Fault, HttpBody, HttpHarm } from '../engine/index.ts'
import { NETWORK_NOT_NEEDED, networkFault } from './network-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from './pod-tunables.ts'
import type { Tunables } from './tunables.ts'

const HTTP_UNSUPPORTED = ['NODE_LABEL']

/** What a fault that harms HTTP answers is made of, beside what all of them share. */
export interface HttpFaultWords {
  name: string
  title: string
  description: string
  tunables: readonly TunableSchema[]
  local: string
}

export function httpSchema({ name, title, description, tunables, local }: HttpFaultWords): FaultSchema {
  return {
    name,
    title,
    description,
    tunables: [
      durationTunable('60'),
      ...tunables,
      {
        name: 'TOXICITY',
        type: 'percentage',
        default: '100',
        unit: '%',
        min: 0,
        max: 100,
        description: 'Share of the requests that are affected, drawn for each.'
      },
      ...POD_TUNABLES,
      ...unsupported(HTTP_UNSUPPORTED),
      ...notNeeded(['TARGET_SERVICE_PORT', 'PROXY_PORT', ...NETWORK_NOT_NEEDED])
    ],
    infrastructures: {
      local: `${local} The Services in front of the pod do it, on new and on kept connections; a Service has one port. What is not HTTP/1 (TLS, HTTP/2, an upgraded connection) passes untouched. The evidence says how many answers it touched.`
    },
    proof: 'effect'
  }
}

export interface HttpFaultOptions<Harm extends HttpHarm> {
  schema: FaultSchema
  harm(tunables: Tunables): Harm
  /** for evidence: `a delay of 2000 ms` */
  text(harm: Harm): string
}

export function httpFault<Harm extends HttpHarm>({ schema, harm, text }: HttpFaultOptions<Harm>): Fault {
  return networkFault({
    schema,
    shape: (tunables) => ({
      kind: 'http' as const,
      percentage: tunables.number('TOXICITY'),
      harm: harm(tunables)
    }),
    text: (shape) => `${text(shape.harm)} for ${shape.percentage} % of the requests`
  })
}

export const BODY_TUNABLES: readonly TunableSchema[] = [
  {
    name: 'CONTENT_TYPE',
    type: 'header',
    default: 'text/plain',
    description: 'Type of the body that is sent in place of the own one.'
  },
  {
    name: 'CONTENT_ENCODING',
    type: 'string',
    default: '',
    choices: ['gzip', 'deflate'],
    description: 'Encoding of that body; none if not said.'
  }
]

export function bodyOf(tunables: Tunables, otherwise: string): HttpBody {
  return {
    text: tunables.text('RESPONSE_BODY') || otherwise,
    contentType: tunables.text('CONTENT_TYPE'),
    encoding: tunables.text('CONTENT_ENCODING') as HttpBody['encoding']
  }
}
