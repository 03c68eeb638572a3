/** What a room may import of another: its whole door, or only types that vanish at run time. */
export interface Room {
  imports: readonly string[]
  types?: readonly string[]
}

const STORE_ROOM = ['domain', 'platform', 'store']

/** Who may import whom. A room is imported through its door (`index.ts`) alone; rooms that are still to come have their row. */
export const IMPORT_TABLE: Readonly<Record<string, Room>> = {
  domain: { imports: [] },
  platform: { imports: [] },
  manifest: { imports: ['domain', 'platform'] },
  contract: { imports: ['domain'] },
  outbound: { imports: ['domain', 'platform'] },
  cluster: { imports: ['domain', 'platform'], types: ['engine'] },
  local: { imports: ['domain', 'platform'], types: ['engine'] },
  git: { imports: ['platform', 'outbound'] },
  store: { imports: ['domain', 'platform'] },
  engine: { imports: ['domain', 'platform'] },
  faults: { imports: ['engine', 'domain', 'platform', 'cluster', 'local', 'outbound'] },
  probes: { imports: ['engine', 'domain', 'platform', 'cluster', 'local', 'outbound'] },
  accounts: { imports: STORE_ROOM },
  // the ports that `main` hands to `api` are typed in `contract` (ADR 0003)
  sync: { imports: [...STORE_ROOM, 'manifest', 'git', 'outbound'], types: ['contract'] },
  notify: { imports: [...STORE_ROOM, 'git', 'outbound'] },
  trigger: { imports: [...STORE_ROOM, 'manifest'] },
  runs: { imports: [...STORE_ROOM, 'manifest'], types: ['contract'] },
  agent: { imports: ['domain', 'platform', 'contract', 'engine', 'cluster', 'local'] },
  api: { imports: [...STORE_ROOM, 'contract', 'manifest', 'accounts'] },
  portal: { imports: ['contract', 'domain', 'manifest'] },
  // it does what a user could do, over HTTP and the CLI: of the product it knows only words
  demo: { imports: ['domain', 'platform', 'contract'] },
  main: {
    imports: [
      ...['domain', 'platform', 'manifest', 'contract', 'outbound', 'cluster', 'local', 'git', 'store', 'engine'],
      ...['faults', 'probes', 'accounts', 'sync', 'notify', 'trigger', 'runs', 'agent', 'api', 'demo']
    ]
  }
}

/** Doors beside the front door, and who has the key. */
export interface SideDoor {
  file: string
  rooms: readonly string[]
}

const WRITING_ROOMS = ['accounts', 'sync', 'trigger', 'runs', 'notify']

export const SIDE_DOORS: readonly SideDoor[] = [
  // one writer for each table
  ...WRITING_ROOMS.map((room) => ({ file: `store/${room}/write.ts`, rooms: [room] })),
  { file: 'store/api/insert.ts', rooms: ['api'] },
  { file: 'store/runs/request.ts', rooms: ['api', 'sync', 'trigger', 'runs'] }
]

/** Rooms that nobody imports, and the file where they begin instead of a door. */
export const ENTRANCES: Readonly<Record<string, string>> = { main: 'cli.ts', portal: 'index.ts' }
