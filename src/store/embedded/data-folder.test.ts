import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeDataFolder } from './data-folder.ts'
import { processIdentity } from './process-identity.ts'
import { socketFolder } from './socket-folder.ts'

let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'faultline-folder-'))
})

afterEach(() => rmSync(base, { recursive: true }))

test('the folder is made for its owner alone, and held until it is given back', () => {
  const folder = join(base, 'new', 'data')
  const first = takeDataFolder(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(() => takeDataFolder(folder)).toThrow(`in use by process ${process.pid}`)
  first.release()
  first.release()
  takeDataFolder(folder).release()
})

test('another spelling of the folder is the same folder', () => {
  const first = takeDataFolder(join(base, 'data'))
  symlinkSync(join(base, 'data'), join(base, 'link'))
  expect(() => takeDataFolder(join(base, 'link'))).toThrow(/in use/)
  first.release()
})

test('the lock of a process that is gone is taken over, also when its pid lives again or the lock is garbage', () => {
  const folder = join(base, 'data')
  takeDataFolder(folder).release()
  const identity = processIdentity(process.ppid)
  expect(identity).toBeDefined()
  for (const left of [
    JSON.stringify({ pid: 4_194_304, identity: 'gone' }),
    JSON.stringify({ pid: process.ppid, identity: 'an earlier process with this pid' }),
    'half a lo'
  ]) {
    writeFileSync(join(folder, 'lock'), left)
    takeDataFolder(folder).release()
  }
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid, identity }))
  expect(() => takeDataFolder(folder)).toThrow(`process ${process.ppid}`)
})

test('giving back a folder that another server has taken over leaves its lock alone', () => {
  const folder = join(base, 'data')
  const first = takeDataFolder(folder)
  const other = JSON.stringify({ pid: process.ppid, identity: processIdentity(process.ppid) })
  writeFileSync(join(folder, 'lock'), other)
  first.release()
  expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(other)
})

test('a folder that cannot be made is named, with what to do', () => {
  writeFileSync(join(base, 'file'), '')
  expect(() => takeDataFolder(join(base, 'file', 'data'))).toThrow(/file\/data cannot be used.*Choose a folder/)
})

test('the socket of a long path goes to a short folder of ours, the same each time; a foreign one is refused', () => {
  expect(socketFolder(base)).toBe(base)
  const long = join(base, 'x'.repeat(120))
  const short = socketFolder(long)
  try {
    expect(short.length).toBeLessThan(60)
    expect(socketFolder(long)).toBe(short)
    expect(statSync(short).mode & 0o777).toBe(0o700)
    rmSync(short, { recursive: true })
    symlinkSync(base, short)
    expect(() => socketFolder(long)).toThrow(/belongs to someone else/)
  } finally {
    rmSync(short, { recursive: true, force: true })
  }
})
