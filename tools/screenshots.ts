// Plays enough of the story to have something to show, and takes a picture of each page: light and dark, wide and narrow.
//   --only a,b     only these pages
//   --at URL       pages from here (for example vite's own server), not from the stage
//   --hold         leaves the stage up until Ctrl-C, so that --at and --login can use it
//   --login PASSWORD --at URL   no stage of our own: one that is held elsewhere
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { setStage } from '../src/demo/stage.ts'
import { launchBrowser } from '../test/harness/browser.ts'
import { freePort } from '../test/harness/free-port.ts'
import { PICTURES, type Picture } from './screenshots/pictures.ts'
import { playForPictures } from './screenshots/play.ts'

const OUT = '.cache/screenshots'
const DOCS = 'docs/screenshots'
/** Those that README and docs show. */
const KEPT = ['run-dark-1440', 'overview-light-1440', 'workflow-light-1440', 'workflow-save-dark-1440', 'run-light-390']

const SCHEMES = ['light', 'dark'] as const
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 }
]

/** Read in the page. */
const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const STILL = "[document.querySelectorAll('.mantine-Skeleton-root').length, document.documentElement.scrollHeight]"

interface Place {
  url: URL
  password: string
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      at: { type: 'string' },
      hold: { type: 'boolean', default: false },
      login: { type: 'string' }
    }
  })
  const chosen = values.only?.split(',')
  const pictures = PICTURES.filter(({ name }) => chosen === undefined || chosen.includes(name))
  if (values.login !== undefined && values.at !== undefined) {
    await takeAll({ url: new URL(values.at), password: values.login }, pictures)
    return
  }
  const port = await freePort()
  const stage = await setStage({ port, env: process.env, say: (text) => console.log(text) })
  try {
    await playForPictures(stage, (text) => console.log(text))
    if (values.hold) await held(stage)
    else await takeAll({ url: new URL(values.at ?? stage.url), password: stage.password }, pictures)
  } finally {
    await stage.close()
  }
  if (!values.hold && chosen === undefined) await keep()
}

async function held(stage: Place): Promise<void> {
  console.log(`held: ${stage.url.href} admin ${stage.password}`)
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
}

async function takeAll(place: Place, pictures: readonly Picture[]): Promise<void> {
  await mkdir(OUT, { recursive: true })
  const browser = await launchBrowser()
  try {
    const storageState = await signIn(browser, place)
    for (const size of SIZES)
      for (const colorScheme of SCHEMES)
        for (const picture of pictures)
          await take(browser, picture, { place, storageState, viewport: size, colorScheme })
  } finally {
    await browser.close()
  }
}

async function signIn(browser: Browser, { url, password }: Place) {
  const context = await browser.newContext({ baseURL: url.href })
  const page = await context.newPage()
  await page.goto('/login')
  await page.getByLabel('Login').fill('admin')
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/p/**')
  const state = await context.storageState()
  await context.close()
  return state
}

interface Taking {
  place: Place
  storageState: BrowserContextOptions['storageState']
  viewport: { width: number; height: number }
  colorScheme: 'light' | 'dark'
}

async function take(browser: Browser, picture: Picture, taking: Taking): Promise<void> {
  const { place, storageState, viewport, colorScheme } = taking
  const context = await browser.newContext({
    baseURL: place.url.href,
    viewport,
    colorScheme,
    reducedMotion: 'reduce',
    ...(picture.signedOut !== true && storageState && { storageState })
  })
  const page = await context.newPage()
  const name = `${picture.name}-${colorScheme}-${viewport.width}`
  try {
    await picture.open(page)
    await settle(page)
    await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: picture.whole !== false, animations: 'disabled' })
    const wider = await page.evaluate<number>(SIDEWAYS)
    console.log(`${name}${wider > 0 ? `: scrolls sideways by ${wider} px` : ''}`)
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    process.exitCode = 1
  } finally {
    await context.close()
  }
}

/** Nothing loads any more and nothing grows; what measures itself once it is seen, has been seen. */
async function settle(page: Page): Promise<void> {
  await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
  await page.waitForTimeout(150)
  await page.evaluate('window.scrollTo(0, 0)')
  let last = -1
  for (let look = 0; look < 20; look++) {
    const [loading, height] = await page.evaluate<[number, number]>(STILL)
    if (loading === 0 && height === last) return
    last = height
    await page.waitForTimeout(150)
  }
}

async function keep(): Promise<void> {
  await rm(DOCS, { recursive: true, force: true })
  await mkdir(DOCS, { recursive: true })
  for (const name of KEPT) await copyFile(join(OUT, `${name}.png`), join(DOCS, `${name}.png`))
}

await main()
