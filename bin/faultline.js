#!/usr/bin/env node
// The command `faultline`. Says which Node it needs before anything is loaded that an older one cannot read.
import { existsSync } from 'node:fs'

const OLDEST_NODE = 24

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `faultline: Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}: see https://nodejs.org.\n`
  )
  process.exit(2)
}
// a checkout runs its sources as they are; the published package is compiled and has none
const source = new URL('../src/main/cli.ts', import.meta.url)
await import(existsSync(source) ? source.href : new URL('../dist/main/cli.js', import.meta.url).href)
