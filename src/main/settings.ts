import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { type HttpProxy, parseProxy } from '../outbound/index.ts'
import { AppError, type LogLevel, Secret, toAppError } from '../platform/index.ts'
import type { CertificateFiles } from './certificate.ts'
import { VERSION } from './version.ts'

/** One setting: its environment variable, its default in words, and what it does. The documentation's table is made from it. */
export interface SettingText {
  name: string
  otherwise: string
  meaning: string
}

const SETTINGS: readonly SettingText[] = [
  {
    name: 'FAULTLINE_DATA_FOLDER',
    otherwise: '.faultline',
    meaning: 'Folder of everything that is kept: database, repositories, keys.'
  },
  { name: 'FAULTLINE_HOST', otherwise: '127.0.0.1', meaning: 'Address that the server listens on.' },
  { name: 'FAULTLINE_PORT', otherwise: '7070', meaning: 'Port that the server listens on; 0 = any free one.' },
  {
    name: 'FAULTLINE_PUBLIC_URL',
    otherwise: 'http://HOST:PORT',
    meaning: 'Address that people open; requests for another host are refused. With https cookies are Secure.'
  },
  {
    name: 'FAULTLINE_TLS_CERT',
    otherwise: 'none: plain http',
    meaning: 'Certificate with its chain as a PEM file; read again when it changes.'
  },
  { name: 'FAULTLINE_TLS_KEY', otherwise: 'none', meaning: 'Private key of the certificate as a PEM file.' },
  {
    name: 'FAULTLINE_TRUSTED_PROXIES',
    otherwise: 'none',
    meaning:
      "Proxies whose X-Forwarded-For is believed, comma-separated: addresses or CIDR. For the login's rate limit."
  },
  {
    name: 'FAULTLINE_DATABASE_URL',
    otherwise: 'embedded PostgreSQL',
    meaning: 'A PostgreSQL of your own, as postgres://user:password@host/database.'
  },
  {
    name: 'FAULTLINE_SECRET_KEY',
    otherwise: 'secret.key in the data folder',
    meaning: 'Key that credentials are encrypted with: 32 bytes as base64.'
  },
  {
    name: 'FAULTLINE_SECRET_KEY_OLD',
    otherwise: 'none',
    meaning: 'The key before, while credentials that it sealed are still to be opened.'
  },
  {
    name: 'FAULTLINE_EGRESS_ALLOW',
    otherwise: 'none',
    meaning:
      'Private or loopback hosts that the server may call, and of an agent its probes, comma-separated: host, host:port or CIDR.'
  },
  {
    name: 'FAULTLINE_HTTPS_PROXY',
    otherwise: 'none',
    meaning:
      'Server: HTTP proxy through which https git hosts are reached, as http://user:password@proxy.example.com:3128.'
  },
  {
    name: 'FAULTLINE_NO_PROXY',
    otherwise: 'none',
    meaning: 'Server: hosts that are reached without that proxy, comma-separated: host, host:port, .domain, CIDR or *.'
  },
  {
    name: 'FAULTLINE_METRICS_TOKEN',
    otherwise: 'none: there is no /metrics',
    meaning: 'Bearer token that /metrics asks for, 16 characters or more.'
  },
  {
    name: 'FAULTLINE_AGENT_IMAGE',
    otherwise: 'faultline:VERSION',
    meaning: 'Server: container image of the agent in the manifest that connects a cluster.'
  },
  { name: 'FAULTLINE_LOG_LEVEL', otherwise: 'info', meaning: 'debug, info, warn, error or silent.' },
  {
    name: 'FAULTLINE_RETENTION_RUNS',
    otherwise: '90',
    meaning: 'Days that runs are kept, with their steps, logs and probe checks; 0 = for ever.'
  },
  {
    name: 'FAULTLINE_RETENTION_RUNS_KEPT',
    otherwise: '20',
    meaning: 'The last runs of each workflow, kept however old they are.'
  },
  {
    name: 'FAULTLINE_RETENTION_CHANGES',
    otherwise: '90',
    meaning: 'Days that workload changes are kept, with their decisions; 0 = for ever.'
  },
  {
    name: 'FAULTLINE_RETENTION_PASSES',
    otherwise: '90',
    meaning: 'Days that passes of sync are kept, at most 500 for each project; 0 = no limit in days.'
  },
  {
    name: 'FAULTLINE_RETENTION_EDITS',
    otherwise: '365',
    meaning: 'Days that edit requests are kept after they ended; 0 = for ever. Revisions are kept.'
  },
  { name: 'FAULTLINE_RETENTION_AUDIT', otherwise: '730', meaning: 'Days that the audit goes back; 0 = for ever.' },
  {
    name: 'FAULTLINE_SERVER_URL',
    otherwise: 'http://127.0.0.1:7070',
    meaning: 'Agent and command line: the server to dial.'
  },
  {
    name: 'FAULTLINE_TOKEN',
    otherwise: 'none',
    meaning: 'Command line: an API token, made in the portal or by the API.'
  },
  {
    name: 'FAULTLINE_AGENT_FOLDER',
    otherwise: '.faultline/agent',
    meaning: "Agent: its state: key, journal, workloads' desired state."
  },
  {
    name: 'FAULTLINE_AGENT_TOKEN',
    otherwise: 'none',
    meaning: 'Agent: one-time registration token; needed at the first start only.'
  },
  {
    name: 'FAULTLINE_AGENT_UID',
    otherwise: '65534',
    meaning: 'Agent started as root: the uid that it and its workloads run as.'
  }
]

const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error', 'silent']

export interface ServerSettings {
  dataFolder: string
  host: string
  port: number
  publicUrl: URL | null
  /** null: plain http */
  certificate: CertificateFiles | null
  /** addresses and CIDR */
  trustedProxies: readonly string[]
  databaseUrl: Secret | null
  secretKey: Secret | null
  /** opens, never seals */
  oldSecretKey: Secret | null
  metricsToken: Secret | null
  agentImage: string
  egressAllow: readonly string[]
  httpsProxy: HttpProxy | null
  noProxy: readonly string[]
  retention: RetentionSettings
  logLevel: LogLevel
}

/** In days, 0 = for ever; but `runsKept`, which counts. */
export interface RetentionSettings {
  runs: number
  runsKept: number
  changes: number
  passes: number
  edits: number
  audit: number
}

export interface AgentSettings {
  serverUrl: URL
  folder: string
  token: Secret | null
  uid: number
  egressAllow: readonly string[]
  logLevel: LogLevel
}

/** Of the commands that speak to a server. */
export interface ClientSettings {
  serverUrl: URL
  token: Secret
}

type Env = Readonly<Record<string, string | undefined>>

export function serverSettings(env: Env): ServerSettings {
  refuseUnknown(env)
  return {
    dataFolder: resolve(value(env, 'FAULTLINE_DATA_FOLDER') ?? '.faultline'),
    host: value(env, 'FAULTLINE_HOST') ?? '127.0.0.1',
    port: integer(env, 'FAULTLINE_PORT', { otherwise: 7070, max: 65_535 }),
    publicUrl: url(env, 'FAULTLINE_PUBLIC_URL'),
    certificate: certificate(env),
    trustedProxies: list(env, 'FAULTLINE_TRUSTED_PROXIES').map(network),
    databaseUrl: secret(env, 'FAULTLINE_DATABASE_URL'),
    secretKey: secret(env, 'FAULTLINE_SECRET_KEY'),
    oldSecretKey: secret(env, 'FAULTLINE_SECRET_KEY_OLD'),
    metricsToken: longSecret(env, 'FAULTLINE_METRICS_TOKEN'),
    agentImage: value(env, 'FAULTLINE_AGENT_IMAGE') ?? `faultline:${VERSION}`,
    egressAllow: list(env, 'FAULTLINE_EGRESS_ALLOW'),
    httpsProxy: proxy(env, 'FAULTLINE_HTTPS_PROXY'),
    noProxy: list(env, 'FAULTLINE_NO_PROXY'),
    retention: retentionSettings(env),
    logLevel: level(env)
  }
}

function retentionSettings(env: Env): RetentionSettings {
  const days = (name: string, otherwise: number) => integer(env, name, { otherwise, max: 36_500 })
  return {
    runs: days('FAULTLINE_RETENTION_RUNS', 90),
    runsKept: integer(env, 'FAULTLINE_RETENTION_RUNS_KEPT', { otherwise: 20, max: 10_000 }),
    changes: days('FAULTLINE_RETENTION_CHANGES', 90),
    passes: days('FAULTLINE_RETENTION_PASSES', 90),
    edits: days('FAULTLINE_RETENTION_EDITS', 365),
    audit: days('FAULTLINE_RETENTION_AUDIT', 730)
  }
}

export function agentSettings(env: Env): AgentSettings {
  refuseUnknown(env)
  return {
    serverUrl: url(env, 'FAULTLINE_SERVER_URL') ?? new URL('http://127.0.0.1:7070'),
    folder: resolve(value(env, 'FAULTLINE_AGENT_FOLDER') ?? '.faultline/agent'),
    token: secret(env, 'FAULTLINE_AGENT_TOKEN'),
    uid: integer(env, 'FAULTLINE_AGENT_UID', { otherwise: 65_534, max: 2 ** 31 }),
    egressAllow: list(env, 'FAULTLINE_EGRESS_ALLOW'),
    logLevel: level(env)
  }
}

export function clientSettings(env: Env): ClientSettings {
  refuseUnknown(env)
  const token = secret(env, 'FAULTLINE_TOKEN')
  if (token === null) throw settingError('FAULTLINE_TOKEN is not set: make an API token, and give it to this command.')
  return { serverUrl: url(env, 'FAULTLINE_SERVER_URL') ?? new URL('http://127.0.0.1:7070'), token }
}

/** A misspelt setting must not be silently without effect. */
function refuseUnknown(env: Env): void {
  const known = new Set(SETTINGS.map((setting) => setting.name))
  const unknown = Object.keys(env).filter((name) => name.startsWith('FAULTLINE_') && !known.has(name))
  if (unknown.length === 0) return
  throw settingError(`${unknown.join(', ')}: there is no such setting. Known are ${[...known].join(', ')}.`)
}

function value(env: Env, name: string): string | undefined {
  const text = env[name]?.trim()
  return text === '' ? undefined : text
}

function secret(env: Env, name: string): Secret | null {
  const text = value(env, name)
  return text === undefined ? null : new Secret(text)
}

/** What could be guessed guards nothing. */
function longSecret(env: Env, name: string): Secret | null {
  const found = secret(env, name)
  if (found === null || /^\S{16,500}$/.test(found.reveal())) return found
  throw settingError(`${name} is too short, or has a space in it: give 16 characters or more.`)
}

function integer(env: Env, name: string, limits: { otherwise: number; max: number }): number {
  const text = value(env, name)
  if (text === undefined) return limits.otherwise
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > limits.max)
    throw settingError(`${name} is "${text}": give a whole number from 0 to ${limits.max}.`)
  return number
}

function url(env: Env, name: string): URL | null {
  const text = value(env, name)
  if (text === undefined) return null
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw settingError(`${name} is "${text}": give an http or https address.`)
  return new URL(text)
}

function list(env: Env, name: string): string[] {
  return (value(env, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** An address, or one with a prefix: `10.0.0.0/8`. */
function network(text: string): string {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version !== 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128)) return text
  throw settingError(`FAULTLINE_TRUSTED_PROXIES has "${text}": give addresses or CIDR, such as 10.1.0.0/16.`)
}

function certificate(env: Env): CertificateFiles | null {
  const [cert, key] = [value(env, 'FAULTLINE_TLS_CERT'), value(env, 'FAULTLINE_TLS_KEY')]
  if (cert === undefined && key === undefined) return null
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) }
  throw settingError('FAULTLINE_TLS_CERT and FAULTLINE_TLS_KEY belong together: give both, or none.')
}

function proxy(env: Env, name: string): HttpProxy | null {
  const text = value(env, name)
  if (text === undefined) return null
  try {
    return parseProxy(text)
  } catch (error) {
    throw settingError(`${name}: ${toAppError(error).message}`)
  }
}

function level(env: Env): LogLevel {
  const text = value(env, 'FAULTLINE_LOG_LEVEL') ?? 'info'
  if (!LEVELS.includes(text)) throw settingError(`FAULTLINE_LOG_LEVEL is "${text}": give one of ${LEVELS.join(', ')}.`)
  return text as LogLevel
}

function settingError(message: string): AppError {
  return new AppError({ code: 'main/bad-setting', kind: 'invalid', message })
}
