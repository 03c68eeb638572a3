import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Nothing of the browser's own goes out, and it runs as root and in containers. */
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-pings'
]

/** The machine's own Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserFile(), args: FLAGS })
}

function browserFile(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
  if (found === undefined) throw new Error(`No browser: none of ${NAMES.join(', ')} is on PATH; npm run setup:test`)
  return found
}
