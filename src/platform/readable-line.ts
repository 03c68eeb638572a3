/** A JSON line of the log as a person at a terminal reads it: `05:21:03 warn  message  key=value`. */
export function readableLine(line: string): string {
  const entry = parse(line)
  if (entry === null) return line
  const { level, time, msg = '', err, ...fields } = entry
  const clock = /T(\d\d:\d\d:\d\d)/.exec(String(time))?.[1] ?? ''
  const pairs = Object.entries(fields).map(([name, value]) => `  ${name}=${plain(value)}`)
  const stack = (err as { stack?: unknown } | undefined)?.stack
  const failure = typeof stack === 'string' ? `\n${indented(stack)}` : err === undefined ? '' : `  err=${plain(err)}`
  return `${clock} ${String(level).padEnd(5)} ${String(msg)}${pairs.join('')}${failure}\n`
}

function plain(value: unknown): string {
  const text = typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  // a terminal obeys them, and some of it was said by others
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
}

function indented(stack: string): string {
  return stack
    .split('\n')
    .map((row) => `         ${row.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')}`)
    .join('\n')
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
}
