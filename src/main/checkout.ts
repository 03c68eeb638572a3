import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import type { PlanBody } from '../contract/index.ts'
import { usage } from './command-line.ts'

type Files = NonNullable<PlanBody['files']>

/** the server takes 2 MiB in one request; what is around the texts needs some of it */
const MOST_BYTES = 1_900_000

/**
 * The files of a project as they lie in a checkout of its repository, tracked by git or not. `folder` is the project's.
 * Rejects with AppError when it is not there, cannot be read, or is more than the server takes at once.
 */
export async function readCheckout(root: string, folder: string): Promise<Files> {
  const within = join(root, ...folder.split('/'))
  const names = await readdir(within, { recursive: true }).catch((error: Error) => {
    throw usage(
      `${within} cannot be read: ${error.message}. Give a checkout of the repository, in which ${folder} is the folder of the project.`
    )
  })
  const files: Files = []
  let bytes = 0
  for (const name of names.filter((one) => /\.ya?ml$/i.test(one)).toSorted()) {
    const file = await readOne(join(within, name), posix.join(folder, ...name.split(sep)))
    if (file === null) continue
    bytes += Buffer.byteLength(file.text ?? '')
    if (bytes > MOST_BYTES)
      throw usage(`The files of ${within} are more than ${MOST_BYTES} bytes: too many for one plan.`)
    files.push(file)
  }
  return files
}

/** Null: a folder. Links are not followed: a pass does not either. */
async function readOne(file: string, path: string): Promise<Files[number] | null> {
  try {
    const found = await lstat(file)
    if (found.isDirectory()) return null
    if (!found.isFile()) return { path, text: null }
    return { path, text: textOf(await readFile(file)) }
  } catch (error) {
    throw usage(`${file} cannot be read: ${(error as Error).message}`)
  }
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
