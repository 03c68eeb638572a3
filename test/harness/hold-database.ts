import { Secret, silentLogger } from '../../src/platform/index.ts'
import { startEmbedded } from '../../src/store/embedded/embedded.ts'
import { openStore } from '../../src/store/index.ts'
import { databaseUrl } from './database-server.ts'

/**
 * A process that holds the embedded PostgreSQL of a folder until its stdin ends: prints one line of JSON, either
 * {pid, host, users} or {code, message}. For tests that kill it, or run it as another user.
 */
const folder = process.argv[2] ?? ''
try {
  const server = await startEmbedded({ folder, log: silentLogger(), onGone: () => process.exit(1) })
  const store = await openStore({
    databaseUrl: new Secret(databaseUrl(server.host, 'postgres')),
    log: silentLogger(),
    onGone: () => undefined
  })
  const users = await store.db.selectFrom('users').select('login').execute()
  process.stdout.write(`${JSON.stringify({ pid: server.pid, host: server.host, users: users.length })}\n`)
  process.stdin.resume().once('end', async () => {
    await store.close()
    await server.stop()
  })
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  process.stdout.write(`${JSON.stringify({ code, message })}\n`)
}
