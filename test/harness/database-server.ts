import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { Secret, silentLogger } from '../../src/platform/index.ts'
import { startEmbedded } from '../../src/store/embedded/embedded.ts'
import { openStore } from '../../src/store/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** folder of the test server's Unix socket */
    databaseHost: string
  }
}

export const TEMPLATE = 'template_faultline'

/** Speed over durability: nothing here outlives the test run. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB'
}

/** One PostgreSQL for the whole test run, with a migrated template; ends with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-test-db-'))
  const server = await startEmbedded({
    folder,
    log: silentLogger(),
    settings: SETTINGS,
    onGone: (error) => process.stderr.write(`${error.message}\n`)
  })
  await makeTemplate(server.host)
  project.provide('databaseHost', server.host)
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

export function databaseUrl(host: string, database: string): string {
  return `postgresql://faultline@/${database}?host=${encodeURIComponent(host)}`
}

async function makeTemplate(host: string): Promise<void> {
  const client = new pg.Client(databaseUrl(host, 'postgres'))
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  const store = await openStore({
    databaseUrl: new Secret(databaseUrl(host, TEMPLATE)),
    log: silentLogger(),
    onGone: () => undefined
  })
  await store.close()
}
