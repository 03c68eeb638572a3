import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseAllDocuments } from 'yaml'
import { type ApplyResult, localClient } from '../local/index.ts'
import { AppError } from '../platform/index.ts'

/** `faultline local …`: what a person tells the local infrastructure, through its own socket. */

export async function applyFiles(folder: string, files: readonly string[]): Promise<ApplyResult[]> {
  const manifests: unknown[] = []
  for (const file of files) manifests.push(...parseManifests(await readSource(file), file))
  return localClient(folder).apply(manifests)
}

export function printApplied(results: readonly ApplyResult[]): string {
  return results
    .flatMap(({ object, action, warnings }) => [
      `${object} ${action}`,
      ...warnings.map((warning) => `  warning: ${warning}`)
    ])
    .join('\n')
}

/** `container=image` or, for workloads with one container, just the image. */
export function parseImages(assignments: readonly string[]): Record<string, string> {
  const images: Record<string, string> = {}
  for (const assignment of assignments) {
    const [container, image, ...rest] = assignment.split('=')
    if (!container || !image || rest.length > 0) {
      throw new AppError({
        code: 'main/bad-image',
        kind: 'invalid',
        message: `"${assignment}" is not of the form container=image.`
      })
    }
    images[container] = image
  }
  return images
}

/** `deployment/cart` */
export function parseWorkload(reference: string): { kind: string; name: string } {
  const [kind, name, ...rest] = reference.split('/')
  if (!kind || !name || rest.length > 0) {
    throw new AppError({
      code: 'main/bad-workload',
      kind: 'invalid',
      message: `"${reference}" is not of the form kind/name, for example deployment/cart.`
    })
  }
  return { kind, name }
}

function parseManifests(source: string, file: string): unknown[] {
  const documents = parseAllDocuments(source, { maxAliasCount: 50 } as object)
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw badYaml(file, error)
    // what follows a last --- is nothing, not an object
    if (document.contents === null) return []
    try {
      return [document.toJS({ maxAliasCount: 50 }) as unknown]
    } catch (thrown) {
      throw badYaml(file, thrown as Error)
    }
  })
}

function badYaml(file: string, { message }: Error): AppError {
  return new AppError({ code: 'main/bad-yaml', kind: 'invalid', message: `${file}: ${message}` })
}

async function readSource(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new AppError({
      code: 'main/no-file',
      kind: 'invalid',
      message: `${file} cannot be read: ${(error as Error).message}`
    })
  }
}
