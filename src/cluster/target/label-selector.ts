import { textAt, textsAt, treeAt, treesAt } from '../../domain/index.ts'

/** `app=cart,tier in (a,b)`: the labels that a workload selects its pods by, as a query writes them; null = it selects by none. */
export function labelSelectorOf(workload: unknown): string | null {
  const selector = treeAt(workload, 'spec', 'selector')
  const equal = Object.entries(textsAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`)
  const parts = [...equal, ...treesAt(selector, 'matchExpressions').map(expressionText)]
  return parts.length === 0 ? null : parts.join(',')
}

export function equalLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

function expressionText(expression: unknown): string {
  const key = textAt(expression, 'key') ?? ''
  const { values } = treeAt({ expression }, 'expression')
  const list = Array.isArray(values) ? values.join(',') : ''
  switch (textAt(expression, 'operator')) {
    case 'In':
      return `${key} in (${list})`
    case 'NotIn':
      return `${key} notin (${list})`
    case 'DoesNotExist':
      return `!${key}`
    default:
      return key
  }
}
