// Plays enough of the story to have something to show, and takes a picture of each page: light and dark, wide and narrow.
//   --only a,b     only pictures whose names begin so: a page with its states, for example workflows,run
//   --looks a,b    only these, for example light-1440,dark-390
//   --at URL       pages from here (for example vite's own server), not from the stage
//   --hold         leaves the stage up until Ctrl-C, so that --at and --login can use it
//   --login PASSWORD --at URL   no stage of our own: one that is held elsewhere
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { setStage } from '../src/demo/stage.ts'
import { launchBrowser } from '../test/harness/browser.ts'
import { freePort } from '../test/harness/free-port.ts'
import type { Picture } from './screenshots/picture.ts'
import { PICTURES } from './screenshots/pictures.ts'
import { playForPictures } from './screenshots/play.ts'
import { sheet } from './screenshots/sheet.ts'

const OUT = '.cache/screenshots'
const DOCS = 'docs/screenshots'
/** Those that README and docs show. */
const KEPT = ['run-dark-1440', 'overview-light-1440', 'workflow-light-1440', 'workflow-save-dark-1440', 'run-light-390']

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 }
]
const LOOKS = SIZES.flatMap((viewport) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    name: `${colorScheme}-${viewport.width}`,
    viewport,
    colorScheme
  }))
)
type Look = (typeof LOOKS)[number]

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
      looks: { type: 'string' },
      at: { type: 'string' },
      hold: { type: 'boolean', default: false },
      login: { type: 'string' }
    }
  })
  const chosen = values.only?.split(',')
  const pictures = PICTURES.filter(({ name }) => chosen === undefined || chosen.some((start) => name.startsWith(start)))
  const looks = LOOKS.filter(({ name }) => values.looks === undefined || values.looks.split(',').includes(name))
  if (values.login !== undefined && values.at !== undefined) {
    await takeAll({ url: new URL(values.at), password: values.login }, pictures, looks)
    return
  }
  const port = await freePort()
  const stage = await setStage({ port, env: process.env, say: (text) => console.log(text) })
  try {
    await playForPictures(stage, (text) => console.log(text))
    if (values.hold) await held(stage)
    else await takeAll({ url: new URL(values.at ?? stage.url), password: stage.password }, pictures, looks)
  } finally {
    await stage.close()
  }
  if (!values.hold && chosen === undefined && values.looks === undefined) await keep()
}

async function held(stage: Place): Promise<void> {
  console.log(`held: ${stage.url.href} admin ${stage.password}`)
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
}

async function takeAll(place: Place, pictures: readonly Picture[], looks: readonly Look[]): Promise<void> {
  await mkdir(OUT, { recursive: true })
  const browser = await launchBrowser()
  try {
    const storageState = await signIn(browser, place)
    // a page that shows nothing comes before the one that adds to it, in every look
    for (const picture of pictures)
      for (const look of looks) await take(browser, picture, { place, storageState, look })
  } finally {
    await browser.close()
  }
  const names = pictures.map(({ name }) => name)
  await writeFile(
    join(OUT, 'index.html'),
    sheet(
      names,
      looks.map(({ name }) => name)
    )
  )
  console.log(`all on one page: ${join(OUT, 'index.html')}`)
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
  look: Look
}

async function take(browser: Browser, picture: Picture, taking: Taking): Promise<void> {
  const { place, storageState, look } = taking
  const { viewport, colorScheme } = look
  const context = await browser.newContext({
    baseURL: place.url.href,
    viewport,
    colorScheme,
    reducedMotion: 'reduce',
    ...(picture.signedOut !== true && storageState && { storageState })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const name = `${picture.name}-${look.name}`
  try {
    await picture.open(page)
    if (picture.moving !== true) await settle(page)
    if (picture.whole !== false) await wholePage(page, viewport)
    await page.screenshot({ path: join(OUT, `${name}.png`), animations: 'disabled' })
    const wider = await page.evaluate<number>(SIDEWAYS)
    console.log(`${name}${wider > 0 ? `: scrolls sideways by ${wider} px` : ''}`)
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    process.exitCode = 1
  } finally {
    await context.close()
  }
}

/** A window as high as the page: what is fixed to its edges stays there. */
async function wholePage(page: Page, { width, height }: Look['viewport']): Promise<void> {
  const needed = await page.evaluate<number>('document.documentElement.scrollHeight')
  await page.setViewportSize({ width, height: Math.max(height, needed) })
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
