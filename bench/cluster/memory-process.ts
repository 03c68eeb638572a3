import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Loaded into the agent before it starts: on SIGUSR2 it writes what memory it has, before and after a collection. */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const file = process.env.BENCH_MEMORY_FILE

if (file !== undefined)
  process.on('SIGUSR2', () => {
    const { rss } = process.memoryUsage()
    collect()
    writeFileSync(file, JSON.stringify({ rss, heap: process.memoryUsage().heapUsed }))
  })
