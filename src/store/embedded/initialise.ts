import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../platform/index.ts'
import { type Binaries, noEmbedded } from './binaries.ts'
import { CHILD_ENV, launchPrefix } from './launch.ts'

const MAJOR = '18'
const DEADLINE_MS = 120_000

const SUPERUSER = 'faultline'

/** Makes the database cluster unless it is there. One that was killed half-way is made again. Returns its folder. */
export async function initialise(binaries: Binaries, dataFolder: string): Promise<string> {
  const cluster = join(dataFolder, 'postgres')
  if (existsSync(cluster)) {
    assertMajor(cluster)
    // a copy made by hand is often readable by others, which PostgreSQL refuses
    chmodSync(cluster, 0o700)
    return cluster
  }
  const draft = `${cluster}.new`
  rmSync(draft, { recursive: true, force: true })
  await runInitdb(binaries.initdb, draft)
  renameSync(draft, cluster)
  return cluster
}

function assertMajor(cluster: string): void {
  const found = readVersion(cluster)
  if (found === MAJOR) return
  throw new AppError({
    code: 'store/database-version',
    kind: 'stalled',
    message:
      `The database in ${cluster} is of PostgreSQL ${found}, this release brings ${MAJOR}. ` +
      'Back it up with the release that made it, then restore the backup into a new data folder.',
    details: { folder: cluster, found, needed: MAJOR }
  })
}

function readVersion(cluster: string): string {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch {
    return 'an unknown version'
  }
}

async function runInitdb(initdb: string, folder: string): Promise<void> {
  const prefix = await launchPrefix('KILL')
  const [program = '', ...args] = [
    ...prefix,
    initdb,
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    '--locale=C',
    '--encoding=UTF8',
    '--auth=trust',
    '--no-instructions'
  ]
  await new Promise<void>((resolve, reject) => {
    execFile(program, args, { env: CHILD_ENV, timeout: DEADLINE_MS, cwd: '/' }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(noEmbedded(`initdb failed in ${folder}: ${stderr.trim().slice(-2000) || error.message}`, error))
    })
  })
}
