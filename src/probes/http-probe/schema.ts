import { type InputSchema, PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

const NO_PATH = 'is not supported: give the body itself'

function method(name: 'get' | 'post'): InputSchema {
  return {
    path: `method.${name}`,
    type: 'answer',
    description:
      'criteria of the status: ==, !=, <, <=, >, >=, oneOf, between, with responseCode "200" or "[200,201]"; of the body: contains, equal, notEqual, matches, notMatches, with responseBody. A body beside a criteria of the status must be contained.'
  }
}

export const httpProbeSchema: ProbeSchema = {
  type: 'httpProbe',
  title: 'HTTP probe',
  description: 'Sends a GET or POST request and compares the status of the answer, and if asked its body.',
  modes: PROBE_MODES,
  inputs: [
    { path: 'url', type: 'url', required: true, description: 'http or https, without credentials.' },
    method('get'),
    method('post'),
    { path: 'method.post.body', type: 'text', description: 'What is sent.' },
    { path: 'method.post.contentType', type: 'text', description: 'Its type; text/plain if not said.' },
    { path: 'method.post.bodyPath', type: 'text', refused: NO_PATH, description: 'Refused: give the body itself.' },
    { path: 'responseTimeout', type: 'milliseconds', description: "At most the probe's timeout." },
    { path: 'insecureSkipVerify', type: 'flag', description: 'true: the certificate is not checked.' }
  ],
  exactlyOne: ['method.get', 'method.post'],
  infrastructures: {
    local: 'Services by their DNS names, in the namespace of the target where none is said; public hosts by https.',
    kubernetes:
      'Services as `http://cart/` or `http://cart.shop.svc/`, where the agent runs in the cluster and FAULTLINE_EGRESS_ALLOW of the agent names their addresses; public hosts by https.'
  }
}
