import { mkdir, writeFile } from 'node:fs/promises'
import { cluster } from './cluster/cluster.ts'
import { faultAccuracy } from './fault-accuracy.ts'
import { largeRepository } from './large-repository.ts'
import { manyProjects } from './many-projects.ts'
import { manyRuns } from './many-runs.ts'
import { type Figure, line, table } from './measure.ts'
import { story } from './story.ts'

/** `npm run bench [group…]`: everything real, on this machine, remotes on loopback. Without a group all that need no cluster. */
const GROUPS: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  story,
  repository: largeRepository,
  projects: manyProjects,
  runs: manyRuns,
  faults: faultAccuracy,
  cluster
}
/** it builds a control plane, which takes minutes and Go where it was not built before: `npm run bench:cluster` */
const ASKED_FOR = ['cluster']

async function main(wanted: readonly string[]): Promise<void> {
  const names = wanted.length > 0 ? wanted : Object.keys(GROUPS).filter((name) => !ASKED_FOR.includes(name))
  await mkdir('bench/results', { recursive: true })
  for (const name of names) {
    const group = GROUPS[name]
    if (group === undefined) throw new Error(`There is no group ${name}; there are ${Object.keys(GROUPS).join(', ')}.`)
    process.stdout.write(`${name}\n\n${table([])}\n`)
    const figures: Figure[] = []
    for await (const figure of group()) {
      process.stdout.write(`${line(figure)}\n`)
      figures.push(figure)
    }
    process.stdout.write('\n')
    await writeFile(`bench/results/${name}.md`, `${table(figures)}\n`)
  }
}

await main(process.argv.slice(2))
