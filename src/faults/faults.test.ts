import { expect, test } from 'vitest'
import { createFaults, faultSchemas } from './index.ts'

const parse = (name: string, tunables: Record<string, string>) => {
  const fault = createFaults().find(({ schema }) => schema.name === name)
  if (fault === undefined) throw new Error(`no fault ${name}`)
  return fault.parse(tunables)
}

const problems = (name: string, tunables: Record<string, string>) => {
  const parsed = parse(name, tunables)
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
}

test("Litmus' defaults hold where nothing is written, and where the value is empty", () => {
  const empty = { TOTAL_CHAOS_DURATION: '', CHAOS_INTERVAL: ' ', FORCE: '', RAMP_TIME: '', TARGET_PODS: '' }
  for (const tunables of [{}, empty]) {
    expect(parse('pod-delete', tunables)).toMatchObject({
      ok: true,
      plan: {
        durationMs: 15_000,
        roundMs: 5000,
        rampMs: 0,
        sequence: 'parallel',
        pods: { names: [], percentage: 0 },
        effectDeadlineMs: 10_000
      }
    })
  }
  expect(parse('pod-network-latency', {})).toMatchObject({ ok: true, plan: { durationMs: 60_000, roundMs: null } })
})

test.each([
  ['container-kill', 20_000, 10_000],
  ['pod-autoscaler', 60_000, null],
  ['pod-evict', 15_000, 5000],
  ['rollout-restart', 60_000, null],
  ['image-swap', 60_000, null],
  ['service-blackhole', 60_000, null],
  ['node-cordon', 60_000, null],
  ['node-taint', 60_000, null],
  ['node-drain', 60_000, null],
  ['pod-pause', 30_000, null],
  ['pod-cpu-hog', 60_000, null],
  ['pod-memory-hog', 60_000, null],
  ['disk-fill', 60_000, null],
  ['pod-network-loss', 60_000, null],
  ['pod-network-rate-limit', 60_000, null],
  ['pod-http-latency', 60_000, null],
  ['pod-http-status-code', 60_000, null],
  ['pod-http-reset-peer', 60_000, null],
  ['pod-http-modify-header', 60_000, null],
  ['pod-http-modify-body', 60_000, null],
  ['pod-cpu-hog-exec', 60_000, null],
  ['pod-memory-hog-exec', 60_000, null],
  ['pod-network-partition', 60_000, null]
])('%s lasts %i ms, in rounds of %o ms, where nothing is said', (name, durationMs, roundMs) => {
  expect(parse(name, {})).toMatchObject({ ok: true, plan: { durationMs, roundMs, sequence: 'parallel' } })
})

test.each([
  ['pod-network-loss', {}, 'loss', { percentage: 100 }],
  ['pod-network-loss', { NETWORK_PACKET_LOSS_PERCENTAGE: '30' }, 'loss', { percentage: 30 }],
  ['pod-network-rate-limit', {}, 'rate', { bytesPerSecond: 125_000, burstBytes: 32_768 }],
  ['pod-network-latency', { JITTER: '5' }, 'latency', { latencyMs: 2000, jitterMs: 5 }],
  ['pod-http-latency', { TOXICITY: '7' }, 'http', { percentage: 7, harm: { kind: 'delay', ms: 2000 } }],
  ['pod-http-reset-peer', {}, 'http', { harm: { kind: 'reset', afterMs: 0 } }],
  ['pod-http-status-code', { STATUS_CODE: '404' }, 'http', { percentage: 100, harm: { status: 404 } }],
  ['pod-http-modify-body', { RESPONSE_BODY: 'x' }, 'http', { harm: { status: null, body: { text: 'x' } } }],
  ['pod-http-modify-header', { HEADERS_MAP: '{"a":""}' }, 'http', { harm: { body: null, headers: { a: '' } } }]
])('%s with %o shapes the network by %s', async (name, tunables, kind, shape) => {
  const parsed = parse(name, tunables)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const seen: unknown[] = []
  const shapeNetwork = async (_: string, __: unknown, given: unknown) => void seen.push(given)
  const target = { network: { shapeNetwork } } as never
  await parsed.plan.apply({ injection: 'i', pod: {}, selector: {} } as never, { target } as never)
  expect(seen).toMatchObject([{ kind, ...shape }])
})

test('what is written is read, as hub files write it', () => {
  const tunables = { SEQUENCE: 'serial', PODS_AFFECTED_PERC: '50', TARGET_PODS: 'a, b', RAMP_TIME: '3', FORCE: 'false' }
  expect(parse('pod-delete', tunables)).toMatchObject({
    ok: true,
    plan: { sequence: 'serial', rampMs: 3000, pods: { names: ['a', 'b'], percentage: 50 }, effectDeadlineMs: 40_000 }
  })
})

test.each([
  ['pod-delete', 'TOTAL_CHAOS_DURATION', '0', 'less than 1'],
  ['pod-delete', 'CHAOS_INTERVAL', '60-120', 'not a whole number'],
  ['pod-delete', 'FORCE', 'maybe', 'neither true nor false'],
  ['pod-delete', 'PODS_AFFECTED_PERC', '101', 'more than 100'],
  ['pod-delete', 'SEQUENCE', 'random', 'none of parallel, serial'],
  ['pod-delete', 'NODE_LABEL', 'zone=a', 'not supported yet'],
  ['pod-delete', 'RANDOMNESS', 'true', 'not supported yet'],
  ['pod-network-latency', 'NETWORK_LATENCY', '-5', 'not a whole number'],
  ['container-kill', 'SIGNAL', 'SIGHUP', 'none of SIGKILL, SIGTERM'],
  ['container-kill', 'NODE_LABEL', 'zone=a', 'not supported yet'],
  ['pod-cpu-hog', 'CPU_LOAD', '0', 'less than 1'],
  ['pod-cpu-hog', 'CPU_CORES', '1.5', 'not a whole number'],
  ['pod-memory-hog', 'MEMORY_CONSUMPTION', '10%', 'not a whole number'],
  ['disk-fill', 'FILL_PERCENTAGE', '0', 'less than 1'],
  ['disk-fill', 'FILL_PERCENTAGE', '110', 'more than 100'],
  ['disk-fill', 'EPHEMERAL_STORAGE_MEBIBYTES', '1Gi', 'not a whole number'],
  ['pod-http-latency', 'LATENCY', '2s', 'not a whole number'],
  ['pod-http-latency', 'TOXICITY', '101', 'more than 100'],
  ['pod-http-status-code', 'STATUS_CODE', '999', 'none of 200, 201'],
  ['pod-http-status-code', 'MODIFY_RESPONSE_BODY', 'perhaps', 'neither true nor false'],
  ['pod-http-modify-body', 'CONTENT_ENCODING', 'br', 'none of'],
  ['pod-http-modify-body', 'CONTENT_TYPE', 'a\r\nx: y', 'no header may have'],
  ['pod-http-modify-header', 'HEADERS_MAP', '["a"]', 'not a JSON object'],
  ['pod-http-modify-header', 'HEADERS_MAP', '{"a b":"c"}', 'is no header'],
  ['pod-http-modify-header', 'HEADERS_MAP', '{"Content-Length":"1"}', 'cannot be changed'],
  ['pod-http-modify-header', 'HEADER_MODE', 'request', 'not supported yet'],
  ['pod-pause', 'TOTAL_CHAOS_DURATION', 'long', 'not a whole number'],
  ['pod-network-loss', 'NETWORK_PACKET_LOSS_PERCENTAGE', '101', 'more than 100'],
  ['pod-network-loss', 'DESTINATION_HOSTS', 'db', 'not supported yet'],
  ['pod-network-rate-limit', 'NETWORK_BANDWIDTH', '1 lightyear', 'not a quantity'],
  ['pod-network-rate-limit', 'NETWORK_BANDWIDTH', '0mbit', 'not a quantity'],
  ['pod-network-rate-limit', 'PEAK_RATE', '2mbit', 'not supported yet'],
  ['pod-autoscaler', 'REPLICA_COUNT', '0', 'less than 1'],
  ['pod-autoscaler', 'APP_AFFECT_PERC', '101', 'more than 100'],
  ['pod-evict', 'CHAOS_INTERVAL', '0', 'less than 1'],
  ['image-swap', 'LEVEL', 'node', 'none of pod, workload'],
  ['service-blackhole', 'RAMP_TIME', '-1', 'not a whole number'],
  ['rollout-restart', 'TOTAL_CHAOS_DURATION', '1m', 'not a whole number'],
  ['node-taint', 'TAINTS', 'a=b:Sometimes', 'none of NoSchedule'],
  ['node-taint', 'TAINTS', 'a=b:NoSchedule,c=d:NoSchedule', 'is not one taint'],
  ['node-taint', 'TAINTS', '-a:NoSchedule', 'no name that a taint may have'],
  ['node-taint', 'TAINTS', 'a=b c:NoSchedule', 'which a taint cannot have'],
  ['node-drain', 'TOTAL_CHAOS_DURATION', '0', 'less than 1'],
  ['pod-network-latency', 'DESTINATION_IPS', '10.0.0.1', 'not supported yet'],
  ['pod-cpu-hog-exec', 'CHAOS_INJECT_COMMAND', 'dd if=/dev/zero', 'not supported yet'],
  ['pod-cpu-hog-exec', 'CPU_CORES', '0', 'less than 1'],
  ['pod-memory-hog-exec', 'MEMORY_CONSUMPTION', '1Gi', 'not a whole number'],
  ['pod-network-partition', 'POLICY_TYPES', 'egress', 'none of all, ingress'],
  ['pod-network-partition', 'PORTS', '80', 'not supported yet']
])('%s refuses %s=%s: %s', (fault, name, value, reason) => {
  expect(problems(fault, { [name]: value })).toEqual([expect.stringContaining(reason)])
  expect(problems(fault, { [name]: value })[0]).toContain(name)
})

test("tunables of Litmus' machinery are known and change nothing", () => {
  expect(
    problems('pod-network-latency', { TC_IMAGE: 'gaiadocker/iproute2', LIB: 'litmus', SOCKET_PATH: '/x' })
  ).toEqual([])
})

test('every default is a value that its own fault accepts, and every name is listed once', () => {
  for (const { name, tunables } of faultSchemas) {
    expect(problems(name, Object.fromEntries(tunables.map((tunable) => [tunable.name, tunable.default])))).toEqual([])
    expect(new Set(tunables.map((tunable) => tunable.name)).size).toBe(tunables.length)
  }
})

test('a damaged undo record says so instead of undoing nothing', async () => {
  for (const fault of createFaults()) {
    const world = { target: {} as never, clock: {} as never, signal: new AbortController().signal }
    await expect(async () => fault.proveRecovery({ labels: {} }, world)).rejects.toThrow(/undo record is damaged/)
  }
})
