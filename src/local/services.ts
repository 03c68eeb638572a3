import type { Logger } from '../platform/index.ts'
import type { DesiredService } from './desired-state.ts'
import type { ApplyResult, ServiceView } from './local.ts'
import type { Pod } from './pod/pod.ts'
import { ServiceProxy } from './proxy.ts'
import { serviceNameOf } from './service-name.ts'
import type { ServiceSpec } from './spec/service-spec.ts'
import type { Toxics } from './toxics.ts'

export interface ServicesOptions {
  /** as they are now */
  pods(): Pod[]
  toxics: Toxics
  log: Logger
}

/** A proxy that listens, but is not yet the Service's. */
interface Opened {
  proxy: ServiceProxy
  port: number
}

/** The Services: one proxy each, and their endpoints. */
export class Services {
  readonly #options: ServicesOptions
  readonly #proxies = new Map<string, ServiceProxy>()
  #desired: DesiredService[] = []

  constructor(options: ServicesOptions) {
    this.#options = options
  }

  /** the list that is kept on disk; `take` changes it */
  start(desired: DesiredService[]): void {
    this.#desired = desired
    for (const { spec, port } of desired) {
      const proxy = this.#proxy(spec)
      this.#proxies.set(keyOf(spec), proxy)
      proxy.listenPatiently(port)
    }
  }

  /** Takes the ports that these specs need; when one is in use, nothing was changed, and what serves goes on. */
  async open(specs: readonly ServiceSpec[]): Promise<Map<string, Opened>> {
    const opened = new Map<string, Opened>()
    try {
      for (const spec of specs) {
        const known = this.#known(spec)
        if (known !== undefined && (spec.nodePort === null || spec.nodePort === known.port)) continue
        const proxy = this.#proxy(spec)
        opened.set(keyOf(spec), { proxy, port: await proxy.listen(spec.nodePort ?? 0) })
      }
      return opened
    } catch (error) {
      await Promise.all([...opened.values()].map(({ proxy }) => proxy.close()))
      throw error
    }
  }

  take(spec: ServiceSpec, opened: Opened | undefined): ApplyResult['action'] {
    const key = keyOf(spec)
    if (opened !== undefined) {
      void this.#proxies.get(key)?.close()
      this.#proxies.set(key, opened.proxy)
    }
    const known = this.#known(spec)
    if (known === undefined) {
      this.#desired.push({ spec, port: opened?.port ?? 0 })
      return 'created'
    }
    const same = JSON.stringify(known.spec) === JSON.stringify(spec)
    known.spec = spec
    known.port = opened?.port ?? known.port
    return same ? 'unchanged' : 'changed'
  }

  /** Whoever was connected is cut off. */
  async remove({ namespace, name }: { namespace: string; name: string }): Promise<boolean> {
    const index = this.#desired.findIndex(({ spec }) => spec.namespace === namespace && spec.name === name)
    const [found] = index === -1 ? [] : this.#desired.splice(index, 1)
    if (found === undefined) return false
    const key = keyOf(found.spec)
    await this.#proxies.get(key)?.close()
    return this.#proxies.delete(key)
  }

  views(): ServiceView[] {
    return this.#desired.map((service) => this.#view(service))
  }

  find(host: string, fromNamespace: string): ServiceView | undefined {
    const found = this.#named(serviceNameOf(host, fromNamespace))
    if (found !== undefined) return found
    const [pod = '', ...rest] = host.toLowerCase().split('.')
    const service = this.#named(serviceNameOf(rest.join('.'), fromNamespace))
    const [, port] = Object.entries(service?.hosts ?? {}).find(([name]) => name === pod) ?? []
    return service && port !== undefined ? { ...service, port, endpoints: [pod] } : undefined
  }

  /** addresses of a namespace's services, as Kubernetes puts them into the environment */
  env(namespace: string): Record<string, string> {
    const env: Record<string, string> = {}
    for (const { spec, port } of this.#desired) {
      if (spec.namespace !== namespace) continue
      const name = spec.name.toUpperCase().replaceAll('-', '_')
      env[`${name}_SERVICE_HOST`] = '127.0.0.1'
      env[`${name}_SERVICE_PORT`] = String(port)
    }
    return env
  }

  podGone(uid: string): void {
    for (const proxy of this.#proxies.values()) proxy.podGone(uid)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()))
  }

  #named(wanted: { namespace: string; name: string } | null): ServiceView | undefined {
    const found = this.#desired.find(({ spec }) => spec.name === wanted?.name && spec.namespace === wanted.namespace)
    return found && this.#view(found)
  }

  #known(spec: ServiceSpec): DesiredService | undefined {
    return this.#desired.find((service) => keyOf(service.spec) === keyOf(spec))
  }

  #proxy({ namespace, name }: ServiceSpec): ServiceProxy {
    const current = () => this.#desired.find(({ spec }) => spec.namespace === namespace && spec.name === name)?.spec
    return new ServiceProxy({
      backends: () =>
        this.#endpoints(current()).map(({ pod, port }) => ({ uid: pod.uid, name: pod.identity.name, port })),
      toxics: this.#options.toxics,
      log: this.#options.log
    })
  }

  /** the ready pods that have its port */
  #endpoints(spec: ServiceSpec | undefined): { pod: Pod; port: number }[] {
    if (spec === undefined) return []
    const selected = (pod: Pod) =>
      Object.entries(spec.selector).every(([label, value]) => pod.identity.labels[label] === value)
    const here = (pod: Pod) => pod.identity.namespace === spec.namespace && pod.ready && selected(pod)
    return this.#options.pods().flatMap((pod) => {
      const port = here(pod) ? pod.port(spec.targetPort) : null
      return port === null ? [] : [{ pod, port }]
    })
  }

  #view({ spec, port }: DesiredService): ServiceView {
    const { namespace, name } = spec
    const ready = this.#endpoints(spec)
    const endpoints = ready.map(({ pod }) => pod.identity.name)
    const own = ready.filter(({ pod }) => pod.identity.ordinal !== null)
    const hosts = Object.fromEntries(own.map(({ pod, port: reached }) => [pod.identity.name, reached]))
    const problem = this.#proxies.get(keyOf(spec))?.problem ?? null
    return { namespace, name, host: '127.0.0.1', port, endpoints, hosts, problem }
  }
}

function keyOf({ namespace, name }: ServiceSpec): string {
  return `${namespace}/${name}`
}
