import { describe, expect, it } from 'vitest'
import { connectionError, refusalError } from './refusal.ts'

const now = new Date('2026-01-01T00:00:00Z')
const refusal = (status: number, message: string, serverTime: Date | null = now) =>
  refusalError({
    what: 'GET /apis/apps/v1/deployments',
    status,
    text: JSON.stringify({ kind: 'Status', message }),
    serverTime,
    now,
    from: '/home/me/config'
  })

describe('an API server’s no', () => {
  it('401 names where the credentials come from', () => {
    expect(refusal(401, 'Unauthorized')).toMatchObject({
      code: 'cluster/not-signed-in',
      kind: 'stalled',
      message: expect.stringContaining('/home/me/config')
    })
    expect(refusal(401, 'Unauthorized').message).not.toContain('clock')
  })

  it('401 says so when the clocks differ', () => {
    expect(refusal(401, 'Unauthorized', new Date('2026-01-01T01:00:00Z')).message).toContain(
      "The clock of this machine is 3600 s behind the API server's"
    )
  })

  it.each([
    [
      'deployments.apps is forbidden: User "system:serviceaccount:shop:agent" cannot list resource "deployments" in API group "apps" in the namespace "shop"',
      'system:serviceaccount:shop:agent lacks the right to list deployments of API group apps in namespace shop'
    ],
    [
      'nodes is forbidden: User "ann" cannot patch resource "nodes" in API group "" at the cluster scope',
      'ann lacks the right to patch nodes in the whole cluster'
    ]
  ])('403 names the right that is missing: %s', (message, sentence) => {
    expect(refusal(403, message)).toMatchObject({ code: 'cluster/not-allowed', kind: 'denied' })
    expect(refusal(403, message).message).toContain(sentence)
  })

  it('403 of somebody else is shown as it is', () => {
    expect(refusal(403, 'admission webhook says no').message).toContain('admission webhook says no')
  })

  it.each([
    [404, 'missing', 'missing'],
    [409, 'clash', 'clash'],
    [410, 'gone', 'clash'],
    [422, 'invalid', 'invalid'],
    [429, 'busy', 'transient'],
    [503, 'away', 'transient']
  ])('%i is %s', (status, code, kind) => {
    expect(refusal(status, 'why')).toMatchObject({ code: `cluster/${code}`, kind })
    expect(refusal(status, 'why').message).toContain('why')
  })
})

describe('a connection that fails', () => {
  const place = { server: new URL('https://api.example.com:6443'), from: '/home/me/config' }
  const failure = (code: string) =>
    connectionError(new TypeError('x', { cause: Object.assign(new Error(code), { code }) }), place)
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'cluster/untrusted', 'stalled'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'cluster/untrusted', 'stalled'],
    ['CERT_HAS_EXPIRED', 'cluster/wrong-time', 'stalled'],
    ['UND_ERR_BODY_TIMEOUT', 'cluster/silent', 'transient'],
    ['ECONNREFUSED', 'cluster/away', 'transient']
  ])('%s', (code, expected, kind) => {
    expect(failure(code)).toMatchObject({ code: expected, kind, message: expect.stringContaining('api.example.com') })
  })
})
