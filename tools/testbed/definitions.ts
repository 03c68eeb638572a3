import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Cluster } from './cluster.ts'
import type { KubeObject } from './kube-api.ts'

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface Definition extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

/** Makes the kinds of a folder of CustomResourceDefinitions known, and waits until the API server serves them. */
export async function define(cluster: Cluster, folder: string): Promise<void> {
  const objects = await readObjects(folder)
  for (const object of objects) await cluster.api.create(PATH, object)
  const names = objects.map(({ metadata }) => metadata.name)
  await cluster.until(`the kinds of ${folder} are served`, async () => {
    const served = (await cluster.api.list<Definition>(PATH)).filter(isEstablished)
    return names.every((name) => served.some(({ metadata }) => metadata.name === name))
  })
}

async function readObjects(folder: string): Promise<KubeObject[]> {
  const names = (await readdir(folder)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) => parseAllDocuments(text)).flatMap((document) => (document.toJS() as KubeObject) ?? [])
}

function isEstablished({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true
}
