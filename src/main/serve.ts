import { existsSync } from 'node:fs'
import { trustSystemAuthorities } from '../outbound/index.ts'
import { lifetime } from './lifetime.ts'
import { exposureWarning } from './reach.ts'
import { startServer } from './server.ts'
import type { ServerSettings } from './settings.ts'

export interface ServeOptions {
  settings: ServerSettings
  withParent: boolean
  demo: boolean
  path: string
}

/** Runs the server until it is told to end; answers the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const life = lifetime(options)
  trustSystemAuthorities()
  const server = await startServer({ ...options, onGone: (error) => life.fail(error) })
  // once the first password was changed, its file is gone
  const firstLogin = existsSync(server.passwordFile) ? `  First login: admin, password in ${server.passwordFile}\n` : ''
  const warning = exposureWarning(options.settings)
  const warned = warning === null ? '' : `  Warning: ${warning}\n`
  process.stderr.write(`\n  Faultline is ready: ${server.url.href}\n${firstLogin}${warned}\n`)
  const code = await life.ended
  await server.close()
  return code
}
