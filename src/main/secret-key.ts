import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, Secret } from '../platform/index.ts'

/** The key that credentials are encrypted with: as given, or the data folder's `secret.key` (0600, made at the first start). */
export async function loadSecretKey(given: Secret | null, dataFolder: string): Promise<Secret> {
  const key = given ?? (await keyFile(join(dataFolder, 'secret.key')))
  if (Buffer.from(key.reveal(), 'base64').length !== 32) {
    const message =
      'FAULTLINE_SECRET_KEY (or secret.key in the data folder) is not 32 bytes as base64. Make one with: openssl rand -base64 32'
    throw new AppError({ code: 'main/bad-secret-key', kind: 'invalid', message })
  }
  return key
}

async function keyFile(path: string): Promise<Secret> {
  const made = randomBytes(32).toString('base64')
  try {
    await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
    return new Secret(made)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return new Secret((await readFile(path, 'utf8')).trim())
  }
}

/** As given, or as the data folder has it; null: there is none, and none is made. */
export async function readSecretKey(given: Secret | null, dataFolder: string): Promise<Secret | null> {
  if (given !== null) return given
  const text = await readFile(join(dataFolder, 'secret.key'), 'utf8').catch(() => null)
  return text === null ? null : new Secret(text.trim())
}
