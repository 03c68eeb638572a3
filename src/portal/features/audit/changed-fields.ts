/** One thing that an act changed, as texts; null = it was, or is, not there. */
export interface ChangedField {
  name: string
  before: string | null
  after: string | null
}

/** What differs between two values of the audit, field by field where both sides have fields. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const [old, young] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])]
  return names
    .map((name) => ({ name, before: textOf(old[name]), after: textOf(young[name]) }))
    .filter((field) => field.before !== field.after)
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
