/** `name = text` lines, as a form takes them; else what is wrong with the first line that is none. */
export type NamedTexts = { ok: true; texts: Record<string, string> } | { ok: false; problem: string }

export function namedTexts(typed: string): NamedTexts {
  const texts: Record<string, string> = {}
  for (const [index, line] of typed.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = line.indexOf('=')
    const name = line.slice(0, Math.max(at, 0)).trim()
    if (name === '') return { ok: false, problem: `Line ${index + 1} is not of the form name = text.` }
    if (Object.hasOwn(texts, name)) return { ok: false, problem: `Line ${index + 1} names ${name} again.` }
    texts[name] = line.slice(at + 1).trim()
  }
  return { ok: true, texts }
}
