import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROLE_MATRIX, scopeOf } from '../../src/accounts/role-matrix.ts'
import { API_PREFIX, ROUTES, type Route } from '../../src/contract/index.ts'
import {
  DEFAULT_GUARDRAILS,
  type FaultSchema,
  type InputSchema,
  type ProbeSchema,
  ROLES,
  type Role
} from '../../src/domain/index.ts'
import { faultSchemas } from '../../src/faults/index.ts'
import { LIMITS } from '../../src/manifest/index.ts'
import { KINDS } from '../../src/manifest/kinds.ts'
import { probeSchemas } from '../../src/probes/index.ts'
import { crashText, faultPath } from './fault-pages.ts'
import { literalIn, textsIn } from './literal.ts'
import { code, codes, table } from './markdown.ts'

const routes: readonly Route[] = Object.values(ROUTES)

export function settings(root: string): string {
  const rows = literalIn(root, 'src/main/settings.ts', 'SETTINGS') as {
    name: string
    otherwise: string
    meaning: string
  }[]
  return table(
    ['setting', 'if not set', 'meaning'],
    rows.map(({ name, otherwise, meaning }) => [code(name), otherwise, meaning])
  )
}

export function faults(root: string): string {
  const page = (name: string) => readFileSync(join(root, faultPath(name)), 'utf8')
  return faultSchemas.map((schema) => faultText(schema, crashText(page(schema.name)))).join('\n\n')
}

function faultText(schema: FaultSchema, crash: string): string {
  const { name, title, description, tunables, infrastructures, proof } = schema
  const [own, unused] = [
    tunables.filter((one) => !/^Not needed here/.test(one.description)),
    tunables.filter((one) => /^Not needed here/.test(one.description))
  ]
  const rows = own.map((one) => [
    code(one.name),
    one.unit ? `${one.type} (${one.unit})` : one.type,
    one.default === '' ? '' : code(one.default),
    rangeOf(one),
    one.description
  ])
  const places = Object.entries(infrastructures).map(([kind, text]) => `- On ${code(kind)}: ${text}`)
  return [
    `## ${name}`,
    `${title}. ${description} Proof: *${proof}*.`,
    places.join('\n'),
    table(['tunable', 'type', 'default', 'range', 'meaning'], rows),
    ...(unused.length === 0 ? [] : [`Known and without meaning here: ${codes(unused.map((one) => one.name))}.`]),
    `After a crash: ${crash.replace(/\s+/g, ' ')}`
  ].join('\n\n')
}

function rangeOf({ min, max, choices }: FaultSchema['tunables'][number]): string {
  if (choices !== undefined) return codes(choices)
  if (min !== undefined && max !== undefined) return `${min} to ${max}`
  if (min !== undefined) return `at least ${min}`
  return max === undefined ? '' : `at most ${max}`
}

export function probes(): string {
  return probeSchemas.map(probeText).join('\n\n')
}

function probeText({ type, title, description, modes, inputs, exactlyOne, infrastructures }: ProbeSchema): string {
  const places = Object.entries(infrastructures).map(([kind, text]) => `- On ${code(kind)}: ${text}`)
  const one = exactlyOne === undefined ? '' : `Exactly one of ${codes(exactlyOne)} is needed.`
  const rows = inputs.map((input) => [code(input.path), input.type, neededText(input), input.description])
  const parts = [
    `## ${type}`,
    `${title}. ${description} Modes: ${modes.join(', ')}.`,
    places.join('\n'),
    rows.length === 0 ? '' : table(['input', 'type', 'needed', 'meaning'], rows),
    one
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function neededText({ required }: InputSchema): string {
  if (required === undefined) return ''
  return required === true ? 'yes' : `for ${required.values.join(', ')}`
}

export function roles(): string {
  return table(
    ['action', ...ROLES, 'scope of a token', 'what it opens'],
    Object.entries(ROLE_MATRIX).map(([action, may]) => [
      code(action),
      ...ROLES.map((role) => ((may as readonly Role[]).includes(role) ? 'yes' : 'no')),
      code(scopeOf(action) ?? ''),
      routes
        .filter(({ access }) => typeof access === 'object' && access.action === action)
        .map(({ summary }) => summary)
        .join(' · ')
    ])
  )
}

export function api(): string {
  return table(
    ['method', 'path', 'what it does', 'who', 'sends', 'answers'],
    routes.map((route) => [
      route.method,
      code(`${API_PREFIX}${route.path}`),
      route.summary,
      accessText(route.access),
      route.body === undefined ? '' : route.body === 'yaml' ? 'YAML' : 'JSON',
      `${route.status}${answerText(route)}`
    ])
  )
}

function accessText(access: Route['access']): string {
  if (access === 'public') return 'everybody'
  if (access === 'user') return 'signed in, or by a token'
  if (access === 'session') return 'signed in'
  if (access === 'admin') return 'an admin, signed in'
  if (access === 'agent') return 'an agent, by its key'
  return ROLE_MATRIX[access.action].join(', ')
}

const ANSWERS: Record<string, string> = { yaml: 'YAML', html: 'HTML', xml: 'XML', events: 'events' }

function answerText({ response }: Route): string {
  if (response === null) return ''
  return typeof response === 'string' ? `, ${ANSWERS[response]}` : ', JSON'
}

export function apiErrors(root: string): string {
  const file = 'src/api/problem.ts'
  const status = literalIn(root, file, 'STATUS') as Record<string, number>
  const titles = literalIn(root, file, 'TITLES') as Record<string, string>
  const exact = literalIn(root, file, 'EXACT') as Record<string, number>
  return [
    table(
      ['status', 'title'],
      Object.entries(status).map(([kind, number]) => [String(number), titles[kind] ?? ''])
    ),
    table(
      ['code', 'status'],
      Object.entries(exact).map(([name, number]) => [code(name), String(number)])
    )
  ].join('\n\nThese codes have a status of their own:\n\n')
}

export function refusedKeys(root: string): string {
  const keys = (name: string) => codes(textsIn(root, 'src/manifest/refused.ts', name))
  return table(
    ['where', 'run by Argo Workflows alone', 'never run'],
    [
      ['`spec`', keys('SPEC_BEYOND'), keys('SPEC_REFUSED')],
      ['a template', keys('TEMPLATE_BEYOND'), ''],
      ['a template with steps of its own', keys('GROUP_BEYOND'), ''],
      ['a dag', `${keys('DAG_BEYOND')}, \`failFast: true\``, ''],
      ['a step or task', keys('STEP_BEYOND'), keys('STEP_REFUSED')],
      ['a retryStrategy', keys('RETRY_BEYOND'), '']
    ]
  )
}

export function kinds(): string {
  return table(
    ['kind', 'apiVersion'],
    KINDS.map(({ kind, apiVersion }) => [code(kind), code(apiVersion)])
  )
}

export function fileLimits(): string {
  return table(
    ['limit', 'value'],
    [
      ['size of a file', `${LIMITS.bytes} bytes`],
      ['depth of nesting', `${LIMITS.depth} levels`],
      ['YAML aliases', `${LIMITS.aliases}, and none within another`],
      ['steps of a run', String(LIMITS.steps)],
      ['name of a step, with those of the steps that it is part of', `${LIMITS.stepId} characters`],
      ['calls of templates', String(LIMITS.calls)],
      ['texts of a run, its values filled in', `${LIMITS.filled} characters`]
    ]
  )
}

export function guardrailDefaults(): string {
  const { allowedNamespaces, maxTargets, maxDurationSeconds } = DEFAULT_GUARDRAILS
  return table(
    ['guardrail', 'default', 'meaning'],
    [
      [
        '`allowedNamespaces`',
        codes(allowedNamespaces),
        'Namespaces that chaos may touch; `*` = any but the denied ones.'
      ],
      ['`maxTargets`', String(maxTargets), 'Most pods that one round of a fault may hit.'],
      ['`maxDurationSeconds`', String(maxDurationSeconds), 'Longest `TOTAL_CHAOS_DURATION` of a fault, in seconds.']
    ]
  )
}

export function deniedNamespaces(root: string): string {
  return codes(textsIn(root, 'src/domain/guardrails.ts', 'DENIED_NAMESPACES'))
}
