import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes the package that is published, in `dist/package`, and packs it: sources compiled (Node runs no TypeScript below
 * node_modules), the portal built, and of package.json what whoever installs it needs. Prints the path of the archive.
 */
const ROOT = process.cwd()
const OUT = join(ROOT, 'dist/package')
/** of a checkout: the package is run by the Node that is there */
const OWN_NODE = /^node-linux-/

interface Manifest {
  version: string
  optionalDependencies: Record<string, string>
  [field: string]: unknown
}

function main(): void {
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  run(process.execPath, ['tools/bootstrap.mjs', '--portal'])
  const compiler = join(ROOT, 'node_modules/tsgo/bin/tsc')
  run(process.execPath, [compiler, '-p', 'tools/tsconfig.package.json', '--outDir', join(OUT, 'dist')])
  cpSync(join(ROOT, 'dist/portal'), join(OUT, 'dist/portal'), { recursive: true })
  for (const path of ['bin', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
    cpSync(join(ROOT, path), join(OUT, path), { recursive: true })
  }
  cpSync(join(ROOT, 'examples'), join(OUT, 'examples'), { recursive: true })
  writeFileSync(join(OUT, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  const packed = run('npm', ['pack', '--silent', '--pack-destination', join(ROOT, 'dist')], OUT).trim()
  process.stdout.write(`${join(ROOT, 'dist', packed)}\n`)
}

function manifest(): object {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8')
  const { name, version, description, license, type, engines, bin, dependencies, optionalDependencies } = JSON.parse(
    text
  ) as Manifest
  const optional = Object.entries(optionalDependencies).filter(([packageName]) => !OWN_NODE.test(packageName))
  return {
    ...{ name, version, description, license, type, engines, bin },
    // a command, not a library
    exports: { './package.json': './package.json' },
    dependencies,
    optionalDependencies: Object.fromEntries(optional)
  }
}

function run(file: string, args: readonly string[], cwd = ROOT): string {
  return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

main()
