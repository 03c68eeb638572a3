import type { Page } from 'playwright-core'
import { SHOP_WORKFLOW } from '../../src/demo/shop/manifest.ts'
import { PROJECT } from '../../src/demo/stage.ts'
import type { Picture } from './picture.ts'
import { CONFLICTED, NEW_PROJECT } from './play.ts'

/**
 * A page of the portal that reads something: it has four states, and each is a picture, and looked at by
 * test/e2e/states.test.ts. A new page is a line here.
 */
interface ReadingPage {
  name: string
  path: string
  /** a word that stands there when it is ready; left out: its picture is one of those that are come to on the way */
  ready?: string
  /** of the request that is held back for the picture "busy", and answered with a problem for "failed" */
  reads: RegExp
  /** where it has nothing to show, if that can be, and what it says there */
  empty?: { path: string; says: string }
}

const shop = `/p/${PROJECT}`
const begun = `/p/${NEW_PROJECT}`
const workflow = `${shop}/workflows/${SHOP_WORKFLOW}`
/** Of no run: what is read of it is held back, or answered with a problem. */
const RUN = '0'.repeat(26)

const PAGES: readonly ReadingPage[] = [
  {
    name: 'overview',
    path: shop,
    ready: 'Latest runs',
    reads: /\/overview$/,
    empty: { path: begun, says: 'From here to the first run' }
  },
  {
    name: 'workflows',
    path: `${shop}/workflows`,
    ready: SHOP_WORKFLOW,
    reads: /\/workflows\?/,
    empty: { path: `${begun}/workflows`, says: 'No workflow yet' }
  },
  {
    name: 'deleted-workflows',
    path: `${shop}/deleted-workflows`,
    ready: 'Nothing was deleted',
    reads: /\/deleted-workflows\?/
  },
  { name: 'workflow', path: workflow, reads: /\/workflows\/[^/?]+$/ },
  { name: 'workflow-conflict', path: `${shop}/workflows/${CONFLICTED}/conflict`, reads: /\/workflows\/[^/?]+$/ },
  { name: 'workflow-history', path: `${workflow}?tab=history`, ready: 'View', reads: /\/revisions\?/ },
  {
    name: 'workflow-runs',
    path: `${workflow}?tab=runs`,
    ready: 'Clean',
    reads: /\/runs\?/,
    empty: { path: `${shop}/workflows/${CONFLICTED}?tab=runs`, says: 'No run fits' }
  },
  { name: 'workflow-triggers', path: `${workflow}?tab=triggers`, ready: 'annotations', reads: /\/workflows\/[^/?]+$/ },
  {
    name: 'runs',
    path: `${shop}/runs`,
    ready: SHOP_WORKFLOW,
    reads: /\/runs\?/,
    empty: { path: `${begun}/runs`, says: 'No run yet' }
  },
  { name: 'run', path: `${shop}/runs/${RUN}`, reads: /\/runs\/[^/?]+$/ },
  {
    name: 'compare',
    path: `${shop}/runs/compare?a=${RUN}&b=${RUN}`,
    reads: /\/report\.json$/,
    empty: { path: `${shop}/runs/compare`, says: 'Choose two runs' }
  },
  {
    name: 'events',
    path: `${shop}/events`,
    ready: 'deployment/storefront',
    reads: /\/changes\?/,
    empty: { path: `${begun}/events`, says: 'No change seen yet' }
  },
  {
    name: 'workloads',
    path: `${shop}/events?tab=workloads`,
    ready: 'storefront',
    reads: /\/workloads\?/,
    empty: { path: `${begun}/events?tab=workloads`, says: 'No workload seen yet' }
  },
  { name: 'policies', path: `${shop}/events?tab=policies`, ready: 'No event policy yet', reads: /\/policies\?/ },
  {
    name: 'simulator',
    path: `${shop}/events?tab=simulator`,
    ready: 'Nothing is started here',
    reads: /\/changes\?/,
    empty: { path: `${begun}/events?tab=simulator`, says: 'No change was seen yet' }
  },
  {
    name: 'gitops',
    path: `${shop}/settings/gitops`,
    ready: 'Sync now',
    reads: /\/gitops$/,
    empty: { path: `${begun}/settings/gitops`, says: 'Where do workflows live?' }
  },
  {
    name: 'infrastructures',
    path: `${shop}/infrastructures`,
    ready: 'laptop',
    reads: /\/infrastructures(\?|$)/,
    empty: { path: `${begun}/infrastructures`, says: 'No infrastructure' }
  },
  { name: 'guardrails', path: `${shop}/settings/guardrails`, ready: 'Save', reads: /\/guardrails$/ },
  {
    name: 'hooks',
    path: `${shop}/settings/hooks`,
    ready: 'an hour',
    reads: /\/hooks$/,
    empty: { path: `${begun}/settings/hooks`, says: 'No hook yet' }
  },
  { name: 'members', path: `${shop}/settings/members`, ready: 'Who is in this project', reads: /\/members(\?|$)/ },
  { name: 'tokens', path: `${shop}/settings/tokens`, ready: 'No token yet', reads: /\/tokens(\?|$)/ },
  { name: 'audit', path: `${shop}/settings/audit`, ready: 'Who changed what', reads: /\/audit\?/ },
  { name: 'users', path: `${shop}/settings/users`, ready: 'Users of this server', reads: /\/users(\?|$)/ }
]

/** Every page that reads something while it has nothing to show: empty, busy, failed. */
export const BLANK_PICTURES: readonly Picture[] = PAGES.flatMap(blanksOf)

/** Every state of every page that reads something. */
export const PAGE_PICTURES: readonly Picture[] = PAGES.flatMap((page) => [...readyOf(page), ...blanksOf(page)])

function readyOf({ name, path, ready }: ReadingPage): Picture[] {
  return ready === undefined ? [] : [{ name, open: (page) => look(page, path, ready) }]
}

function blanksOf({ name, path, reads, empty }: ReadingPage): Picture[] {
  const api = (url: URL) => url.pathname.startsWith('/api/') && reads.test(url.pathname + url.search)
  return [
    ...(empty === undefined
      ? []
      : [{ name: `${name}-empty`, open: (page: Page) => look(page, empty.path, empty.says) }]),
    {
      name: `${name}-busy`,
      moving: true,
      open: async (page) => {
        // never answered: the picture is taken while it waits
        await page.route(api, () => undefined)
        await page.goto(path)
        await page.locator('.mantine-Skeleton-root').first().waitFor()
      }
    },
    {
      name: `${name}-failed`,
      open: async (page) => {
        await page.route(api, (route) => route.fulfill({ status: 429, json: PROBLEM }))
        await look(page, path, PROBLEM.detail)
      }
    }
  ]
}

const PROBLEM = {
  type: 'about:blank',
  title: 'Too many requests',
  status: 429,
  code: 'api/too-many-requests',
  detail: 'This address asks more often than the server answers; wait 20 s.'
}

export async function look(page: Page, path: string, text: string): Promise<void> {
  await page.goto(path)
  await page.getByText(text).filter({ visible: true }).first().waitFor()
}
