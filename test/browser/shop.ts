import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../src/demo/patience.ts'
import { faultline, type Sibling, startSibling } from '../../src/demo/processes.ts'
import { SHOP_NAMESPACE, shopManifests } from '../../src/demo/shop/manifest.ts'
import type { TestServer } from '../harness/server.ts'

/** The sample shop beside an agent of its own. */
export interface Shop {
  /** releases another version of the storefront */
  release(version: string): Promise<void>
  close(): Promise<void>
}

/** Starts the agent with the token that the portal showed; the shop comes with `open`. */
export async function startAgent(server: TestServer, token: string): Promise<Shop & { open(): Promise<void> }> {
  // the agent runs under a uid of its own where it can, and must get through to its folder
  await chmod(server.folder, 0o711)
  const folder = join(server.folder, 'agent')
  await mkdir(folder, { mode: 0o700 })
  const env = { PATH: process.env.PATH, FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_AGENT_FOLDER: folder }
  const agent: Sibling = startSibling('agent', ['agent', '--local'], {
    env: { ...env, FAULTLINE_AGENT_TOKEN: token },
    log: join(server.folder, 'agent.log')
  })
  const local = (...words: string[]) => faultline(['local', ...words], env)
  return {
    open: async () => {
      const file = join(server.folder, 'shop.yaml')
      await writeFile(file, shopManifests({ node: process.execPath }))
      await until('the shop is ready', 30, async () => {
        await local('apply', '-f', file)
        return true
      })
      await until('the shop is healthy', 30, async () => {
        const text = await local('get', 'deployments', '--namespace', SHOP_NAMESPACE, '--output', 'json')
        const { workloads } = JSON.parse(text) as { workloads: { rollout: string }[] }
        return workloads.length === 3 && workloads.every(({ rollout }) => rollout === 'healthy')
      })
    },
    release: async (version) => {
      const image = `storefront=shop/storefront:${version}`
      await local('set', 'image', 'deployment/storefront', image, '--namespace', SHOP_NAMESPACE)
    },
    close: () => agent.stop()
  }
}
