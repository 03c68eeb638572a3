import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AgentSecret } from '../cluster/index.ts'
import { privateFolder, writeDurably } from './durable-file.ts'

/** Where an agent keeps its key, as one text: beside what it works on, so that its successor finds it. */
export interface KeyStore {
  /** null: none is kept */
  read(): Promise<string | null>
  /** durable when it resolves */
  write(text: string): Promise<void>
  remove(): Promise<void>
  /** begins a sentence: "The file …" */
  where: string
}

/** On this machine: a file, 0600. */
export function fileKeyStore(path: string): KeyStore {
  return {
    read: async () => {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    write: async (text) => {
      await privateFolder(dirname(path))
      await writeDurably(path, text)
    },
    remove: () => rm(path, { force: true }),
    where: `The file ${path}`
  }
}

/** In the cluster: a Secret, so that a pod needs no disk. */
export function clusterKeyStore(secret: AgentSecret): KeyStore {
  return {
    read: () => secret.read(),
    write: (text) => secret.write(text),
    remove: () => secret.write(null),
    where: secret.where
  }
}
