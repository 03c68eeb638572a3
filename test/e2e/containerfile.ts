/** One line of a Containerfile: `RUN npm ci`. */
export interface Instruction {
  word: string
  rest: string
}

/** Its stages, each from its `FROM` on; comments are left out, and lines that go on are one. */
export function stagesOf(text: string): Instruction[][] {
  const whole = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  const stages: Instruction[][] = []
  for (const line of whole.split('\n')) {
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (word === 'FROM') stages.push([])
    if (word !== '') stages.at(-1)?.push({ word, rest })
  }
  return stages
}

/** The last one of this word, `ENTRYPOINT`, as the list that it is. */
export function listOf(stage: readonly Instruction[], word: string): string[] {
  return JSON.parse(stage.findLast((instruction) => instruction.word === word)?.rest ?? '[]') as string[]
}

/** What `ENV` sets, as `NAME=value` pairs without quotes. */
export function environmentOf(stage: readonly Instruction[]): Record<string, string> {
  const pairs = stage.filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.split(/\s+/))
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
}
