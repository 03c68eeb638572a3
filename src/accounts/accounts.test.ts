import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { type Clock, silentLogger } from '../platform/index.ts'
import { notify } from '../store/index.ts'
import { type Accounts, createAccounts } from './index.ts'

const START = new Date('2026-05-04T10:00:00Z').getTime()
const HOUR = 3_600_000
let store: TestStore
let folder: string
let passwordFile: string
let time = START
let accounts: Accounts

const clock: Clock = { now: () => new Date(time), sleep: async () => undefined }
const address = '192.0.2.7'

beforeAll(async () => {
  store = await testStore()
  folder = mkdtempSync(join(tmpdir(), 'faultline-accounts-'))
  passwordFile = join(folder, 'admin-password')
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

beforeEach(async () => {
  time = START
  for (const table of ['agentKeys', 'infrastructureGrants', 'infrastructures', 'members', 'users', 'audit'] as const) {
    await store.db.deleteFrom(table).execute()
  }
  await store.db.deleteFrom('projects').execute()
  rmSync(passwordFile, { force: true })
  accounts = createAccounts({ store, clock, log: silentLogger(), passwordFile })
})

async function firstPassword(): Promise<string> {
  await accounts.ensureAdmin({ mustChangePassword: true })
  return readFileSync(passwordFile, 'utf8').trim()
}

async function signedIn() {
  return accounts.login({ login: 'admin', password: await firstPassword(), address })
}

test('the first start makes one admin, whose password is readable by the owner of the data folder alone', async () => {
  const password = await firstPassword()
  expect(statSync(passwordFile).mode & 0o777).toBe(0o600)
  expect(password).toMatch(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/)
  expect(await accounts.ensureAdmin({ mustChangePassword: true })).toEqual({ created: false })
  expect(readFileSync(passwordFile, 'utf8').trim()).toBe(password)
  const { user } = await accounts.login({ login: 'admin', password, address })
  expect(user).toMatchObject({ login: 'admin', mustChangePassword: true })
})

test('a session is found by its token alone, and ends when it is told to', async () => {
  const { token, user } = await signedIn()
  expect(await accounts.session(token)).toEqual(user)
  expect(await accounts.session(`${token}x`)).toBeNull()
  const stored = await store.db.selectFrom('sessions').selectAll().executeTakeFirstOrThrow()
  expect(JSON.stringify(stored)).not.toContain(token)
  await accounts.logout(user.sessionId)
  expect(await accounts.session(token)).toBeNull()
})

test('a session lasts 12 hours without use, and 7 days with it', async () => {
  const { token } = await signedIn()
  for (let hour = 11; hour < 7 * 24; hour += 11) {
    time = START + hour * HOUR
    expect(await accounts.session(token)).not.toBeNull()
  }
  time = START + 7 * 24 * HOUR + 1
  expect(await accounts.session(token)).toBeNull()
})

test('an unused session is over after 12 hours', async () => {
  const { token } = await signedIn()
  time += 12 * HOUR + 1
  expect(await accounts.session(token)).toBeNull()
})

test('changing the password ends the other sessions and removes the first password', async () => {
  const current = await firstPassword()
  const here = await accounts.login({ login: 'admin', password: current, address })
  const elsewhere = await accounts.login({ login: 'admin', password: current, address })
  const change = (next: string, old = current) => accounts.changePassword({ user: here.user, current: old, next })
  await expect(change('correct horse', 'wrong')).rejects.toMatchObject({ code: 'accounts/wrong-password' })
  await expect(change('elevenchars')).rejects.toMatchObject({ code: 'accounts/weak-password' })
  await expect(change(current)).rejects.toMatchObject({ code: 'accounts/same-password' })
  await change('correct horse')
  expect(await accounts.session(here.token)).toMatchObject({ mustChangePassword: false })
  expect(await accounts.session(elsewhere.token)).toBeNull()
  expect(() => readFileSync(passwordFile)).toThrow(/ENOENT/)
  await expect(accounts.login({ login: 'admin', password: current, address })).rejects.toMatchObject({
    code: 'accounts/wrong-login'
  })
})

test('a reset gives a new password that must be changed, and ends all sessions', async () => {
  const { token } = await signedIn()
  const password = await accounts.resetPassword('admin')
  expect(await accounts.session(token)).toBeNull()
  const again = await accounts.login({ login: 'admin', password: password.reveal(), address })
  expect(again.user.mustChangePassword).toBe(true)
  await expect(accounts.resetPassword('nobody')).rejects.toMatchObject({ code: 'accounts/unknown-login' })
})

test('an unknown login and a wrong password look the same, also to a clock', async () => {
  await firstPassword()
  const tryOut = async (login: string) => {
    const began = performance.now()
    await expect(accounts.login({ login, password: 'wrong', address })).rejects.toMatchObject({
      code: 'accounts/wrong-login'
    })
    return performance.now() - began
  }
  await tryOut('admin')
  const [known, unknown] = [await tryOut('admin'), await tryOut('nobody')]
  expect(unknown).toBeGreaterThan(known / 4)
})

test('after five wrong tries one must wait, with the right password too; tries at once do not slip through', async () => {
  const password = await firstPassword()
  const wrong = () => accounts.login({ login: 'admin', password: 'wrong', address }).catch((error) => error.code)
  const codes = await Promise.all(Array.from({ length: 8 }, wrong))
  expect(codes.filter((code) => code === 'accounts/wrong-login')).toHaveLength(5)
  const right = () => accounts.login({ login: 'admin', password, address })
  await expect(right()).rejects.toMatchObject({
    code: 'accounts/too-many-tries',
    details: { retryAfterSeconds: 5 }
  })
  expect(await accounts.login({ login: 'admin', password, address: '192.0.2.8' })).toBeDefined()
  time += 5_000
  expect(await right()).toBeDefined()
})

test('a project has an owner, an id of its own, and is seen by its members alone', async () => {
  const { user } = await signedIn()
  await accounts.createProject({ id: 'shop', name: 'Shop', owner: user.id })
  expect(await accounts.projectsOf(user.id)).toMatchObject([{ id: 'shop', name: 'Shop', role: 'owner' }])
  expect(await accounts.roleOf(user.id, 'shop')).toBe('owner')
  expect(await accounts.roleOf('somebody', 'shop')).toBeNull()
  expect(await accounts.roleOf(user.id, 'other')).toBeNull()
  const again = (id: string) => accounts.createProject({ id, name: 'Again', owner: user.id })
  await expect(again('shop')).rejects.toMatchObject({ code: 'accounts/project-exists' })
  for (const id of ['', '..', 'Shop', 'a/b', '-a', 'a'.repeat(64)]) {
    await expect(again(id)).rejects.toMatchObject({ code: 'accounts/bad-project-id' })
  }
})

async function newPlace(name: string) {
  const { user } = await signedIn()
  await accounts.createProject({ id: 'shop', name: 'Shop', owner: user.id })
  return accounts.infrastructures.create({ name, kind: 'local', environment: 'non-prod', project: 'shop' })
}

test('a registration token works once, for its kind, and buys a key for one infrastructure', async () => {
  const { id, registrationToken } = await newPlace('laptop')
  const token = registrationToken.reveal()
  const register = (kind: 'local' | 'kubernetes') =>
    accounts.registerAgent({ token, kind, version: '0.1.0', allowCommands: true })
  await expect(register('kubernetes')).rejects.toMatchObject({ code: 'accounts/registration-refused' })
  const both = await Promise.allSettled([register('local'), register('local')])
  const [won] = both.filter((result) => result.status === 'fulfilled').map((result) => result.value)
  expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(won).toMatchObject({ infrastructure: id, name: 'laptop' })
  expect(await accounts.authenticateAgent(won?.key ?? '')).toBe(id)
  expect(await accounts.authenticateAgent(token)).toBeNull()
})

test('a next key works beside the one before until it is used; that one ends 10 s later, and is told so', async () => {
  const { id, registrationToken } = await newPlace('laptop')
  const who = (key: string) => accounts.authenticateAgent(key)
  const agent = { token: registrationToken.reveal(), kind: 'local', version: '0.1.0', allowCommands: false } as const
  const { key: first } = await accounts.registerAgent(agent)
  const unused = await accounts.renewAgentKey(id)
  const next = await accounts.renewAgentKey(id)
  expect(next.infrastructure).toBe('laptop')
  time += 60 * 60 * 1000
  expect(await who(first)).toBe(id)
  expect(await who(unused.key)).toBeNull()
  expect(await Promise.all([who(next.key), who(next.key)])).toEqual([id, id])
  time += 9999
  expect(await who(first)).toBe(id)
  time += 1
  await expect(who(first)).rejects.toMatchObject({
    code: 'accounts/agent-key-replaced',
    message: expect.stringContaining('has renewed this key')
  })
  expect(await who(next.key)).toBe(id)
  time += 91 * 24 * 60 * 60 * 1000
  await accounts.renewAgentKey(id)
  expect(await who(first)).toBeNull()
})

test('a new registration ends the key, also one that was given to be the next', async () => {
  const { id, registrationToken } = await newPlace('laptop')
  const register = (token: string) =>
    accounts.registerAgent({ token, kind: 'local', version: '0.1.0', allowCommands: false })
  const { key } = await register(registrationToken.reveal())
  const next = await accounts.renewAgentKey(id)
  const token = await accounts.infrastructures.newToken({ project: 'shop', id })
  const other = await register(token.reveal())
  for (const ended of [key, next.key])
    await expect(accounts.authenticateAgent(ended)).rejects.toMatchObject({ code: 'accounts/agent-key-replaced' })
  expect(await accounts.authenticateAgent(other.key)).toBe(id)
})

test('an infrastructure is connected while its agent was seen within 45 seconds, and its return is told', async () => {
  const heard: (string | null)[] = []
  const end = store.notifier.subscribe('stream', (payload) => heard.push(payload))
  const { id } = await newPlace('laptop')
  const connected = async () => (await accounts.infrastructures.of('shop')).map((place) => place.connected)
  expect(await connected()).toEqual([false])
  await accounts.heartbeat(id, { version: '0.1.0', allowCommands: null })
  await accounts.heartbeat(id, { version: null, allowCommands: null })
  time += 45_000
  expect(await connected()).toEqual([true])
  time += 1
  expect(await connected()).toEqual([false])
  expect(await accounts.infrastructures.of('shop')).toMatchObject([{ agentVersion: '0.1.0', isDefault: true }])
  await notify(store.db, 'stream', 'end')
  await expect.poll(() => heard.at(-1)).toBe('end')
  const news = JSON.stringify({ project: 'shop', topic: 'infrastructures', id: null })
  expect(heard).toEqual([news, news, 'end'])
  end()
})

test('an agent says whether commands are allowed where it is; a change is audited, silence changes nothing', async () => {
  const { id } = await newPlace('laptop')
  const allowed = async () => (await accounts.infrastructures.of('shop')).map((place) => place.allowCommands)
  expect(await allowed()).toEqual([false])
  for (const allowCommands of [true, null, true, false]) {
    time += 1000
    await accounts.heartbeat(id, { version: null, allowCommands })
  }
  expect(await allowed()).toEqual([false])
  const rows = await store.db
    .selectFrom('audit')
    .select(['target', 'before', 'after'])
    .where('action', '=', 'agent.commands')
    .orderBy('id')
    .execute()
  const [off, on] = [{ allowCommands: false }, { allowCommands: true }]
  expect(rows).toMatchObject([
    { target: 'laptop', before: off, after: on },
    { target: 'laptop', before: on, after: off }
  ])
})

test('the first infrastructure of a project is its default; names are unique', async () => {
  await newPlace('one')
  const add = (name: string) =>
    accounts.infrastructures.create({ name, kind: 'kubernetes', environment: 'prod', project: 'shop' })
  await add('two')
  await expect(add('two')).rejects.toMatchObject({ code: 'accounts/infrastructure-exists' })
  const places = await accounts.infrastructures.of('shop')
  expect(places.map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['one', true],
    ['two', false]
  ])
})

test('who changed what is kept', async () => {
  const entry = { actor: 'admin', address, action: 'guardrails.save', project: null, target: 'shop' }
  await accounts.audit({ ...entry, before: null, after: { max_targets: 2 } })
  const row = await store.db.selectFrom('audit').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ actor: 'admin', action: 'guardrails.save', before: null, after: { max_targets: 2 } })
  expect(row.at).toEqual(new Date(START))
})
