import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { makeAuthority } from '../harness/certificates.ts'
import type { TestNamespace } from '../harness/cluster.ts'
import { CORE, type Pod } from './workloads.ts'

const PROTOCOL = 'v4.channel.k8s.io'
const [OUTPUT, ERRORS, STATUS] = [1, 2, 3]
const TAINT = { key: 'faultline.test/exec', effect: 'NoSchedule' }
/** Everything in a container ends with its first process, also when the test is killed. */
const CONTAINER = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child=KILL', '--']
/** Ends on SIGTERM, as a server does. It says a word once it does. */
export const ENDS_ON_TERM = 'trap "exit 143" TERM; echo up; while :; do sleep 1 & wait "$!"; done'
/** as a server that handles no signal */
export const HANDLES_NOTHING = 'echo up; while :; do sleep 1; done'

interface Container {
  first: ChildProcess
  restarts: number
}

/**
 * A node whose kubelet is ours, as far as commands in containers go: a container is a pid namespace with one real
 * process, started when something is first asked of it, and started again, with its restart told, when it ends. Pods
 * that are to be there are put there by `holds`; what else happens to them is the simulated kubelet's work.
 */
export class TestNode {
  readonly name: string
  /** what the first process of a container runs */
  program = ENDS_ON_TERM
  readonly #namespace: TestNamespace
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: (all) => all.has(PROTOCOL) && PROTOCOL })
  readonly #containers = new Map<string, Promise<Container>>()
  #closed = false

  private constructor(namespace: TestNamespace, server: Server) {
    this.name = `node-${namespace.name}`
    this.#namespace = namespace
    this.#server = server
    server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        void this.#exec(client, new URL(request.url ?? '/', 'https://node'))
      })
    })
  }

  static async join(namespace: TestNamespace): Promise<TestNode> {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-node-'))
    const authority = await makeAuthority(folder, 'node')
    const server = createServer(await authority.issue())
    await rm(folder, { recursive: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const node = new TestNode(namespace, server)
    await node.#register((server.address() as AddressInfo).port)
    return node
  }

  /** The workload with its pods on this node, and no other. */
  holds(workload: object): object {
    const { spec, ...rest } = structuredClone(workload) as { spec: { template: { spec: object } } }
    const place = { nodeName: this.name, tolerations: [{ ...TAINT, operator: 'Exists' }] }
    Object.assign(spec.template.spec, place)
    return { ...rest, spec }
  }

  /** What runs in the container now, by the arguments of each process. */
  async processes(pod: string, container: string): Promise<string[]> {
    const { first } = await this.#container(pod, container)
    const ps = spawn('nsenter', [...(await inside(first)), 'ps', '-A', '-o', 'args='])
    const [text] = await Promise.all([textOf(ps.stdout), once(ps, 'close')])
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('ps '))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const container of this.#containers.values()) {
      const { first } = await container
      if (first.exitCode !== null || first.signalCode !== null) continue
      first.kill('SIGKILL')
      await once(first, 'close')
    }
    for (const client of this.#sockets.clients) client.terminate()
    this.#server.closeAllConnections()
    this.#server.close()
    await this.#namespace.admin.remove(`${CORE}/nodes/${this.name}`)
  }

  async #register(port: number): Promise<void> {
    const { admin, until } = this.#namespace
    const path = `${CORE}/nodes/${this.name}`
    await admin.create(`${CORE}/nodes`, { metadata: { name: this.name }, spec: { taints: [TAINT] } })
    await until('the node is ready', async () => {
      const { status } = await admin.get<{ status?: { conditions?: { type: string; status: string }[] } }>(path)
      return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
    })
    await admin.patch(`${path}/status`, { status: { daemonEndpoints: { kubeletEndpoint: { Port: port } } } })
  }

  /** `/exec/<namespace>/<pod>/<container>?command=…`, as an API server asks a kubelet. */
  async #exec(client: WebSocket, { pathname, searchParams }: URL): Promise<void> {
    const [, verb, , pod = '', container = ''] = pathname.split('/')
    if (verb !== 'exec') return client.close()
    const { first } = await this.#container(pod, container)
    const command = spawn('nsenter', [...(await inside(first)), ...searchParams.getAll('command')])
    const say = (channel: number) => (data: Buffer | string) =>
      client.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]))
    command.stdout.on('data', say(OUTPUT))
    command.stderr.on('data', say(ERRORS))
    command.on('exit', (code, signal) => {
      // as a container runtime: what a command has left behind may hold its output, but not the answer
      setImmediate(() => {
        say(STATUS)(JSON.stringify(statusOf(code ?? (signal === 'SIGKILL' ? 137 : 143))))
        client.close()
      })
    })
  }

  #container(pod: string, name: string): Promise<Container> {
    const key = `${pod}/${name}`
    const known = this.#containers.get(key) ?? this.#start(pod, name, 0)
    this.#containers.set(key, known)
    return known
  }

  async #start(pod: string, name: string, restarts: number): Promise<Container> {
    const first = spawn('unshare', [...CONTAINER, 'sh', '-c', this.program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(first.stdout, 'data')
    first.once('close', (code) => {
      if (this.#closed) return
      const again = this.#start(pod, name, restarts + 1)
      this.#containers.set(`${pod}/${name}`, again)
      void again.then(() => this.#tell(pod, name, restarts + 1, code ?? 137))
    })
    return { first, restarts }
  }

  async #tell(pod: string, name: string, restartCount: number, exitCode: number): Promise<void> {
    const { admin, in: within } = this.#namespace
    const path = within(CORE, `pods/${pod}`)
    const { spec } = await admin.get<Pod>(path)
    const now = new Date().toISOString()
    const containerStatuses = spec.containers.map(({ name: one, image }) => ({
      ...{ name: one, image, imageID: '', ready: true, state: { running: { startedAt: now } } },
      restartCount: one === name ? restartCount : 0,
      ...(one === name && { lastState: { terminated: { exitCode, finishedAt: now } } })
    }))
    await admin.patch(`${path}/status`, { status: { containerStatuses } })
  }
}

/** How nsenter reaches the namespaces of a container; its first process is the child of `unshare`. */
async function inside({ pid }: ChildProcess): Promise<string[]> {
  for (;;) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    const [first = ''] = children.trim().split(' ')
    if (first !== '') return ['--target', first, '--user', '--pid', '--mount', '--preserve-credentials', '--']
    await new Promise(setImmediate)
  }
}

function statusOf(code: number): object {
  if (code === 0) return { metadata: {}, status: 'Success' }
  const causes = [{ reason: 'ExitCode', message: String(code) }]
  const message = `command terminated with exit code ${code}`
  return { metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', message, details: { causes } }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
