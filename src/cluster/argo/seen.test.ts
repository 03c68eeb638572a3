import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seenEngine, seenResult } from './seen-chaos.ts'
import { seenWorkflow } from './seen-workflow.ts'

const node = { id: 'w-1', displayName: 'a', type: 'Pod', phase: 'Running', boundaryID: 'w' }
const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64')

it('nodes that Argo has compressed are read', () => {
  const seen = seenWorkflow({ status: { compressedNodes: packed({ 'w-1': node }) } })
  expect(seen).toMatchObject({ hidden: false, nodes: [{ id: 'w-1', boundary: 'w', phase: 'Running' }] })
})

it.each([
  ['that are kept elsewhere', { offloadNodeStatusVersion: 'fnv:1' }],
  ['that are no gzip', { compressedNodes: 'AAAA' }],
  ['that are larger than they may be', { compressedNodes: gzipSync(Buffer.alloc(33 * 1024 * 1024)).toString('base64') }]
])('nodes %s are hidden, not missing', (_what, status) => {
  expect(seenWorkflow({ status })).toMatchObject({ hidden: true, nodes: [] })
})

it('whatever an object holds, it is read', () => {
  fc.assert(
    fc.property(fc.object(), fc.anything(), (status, more) => {
      const object = {
        metadata: more,
        spec: more,
        status: { ...status, nodes: { a: more }, probeStatuses: [more], history: { targets: [more] } }
      }
      for (const read of [seenWorkflow, seenEngine, seenResult]) expect(() => read(object)).not.toThrow()
    })
  )
})
