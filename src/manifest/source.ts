import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type YAMLError
} from 'yaml'
import type { Problem } from '../domain/index.ts'
import { hasTokenCharacters, type Tokenised, tokenise } from './placeholders.ts'

/**
 * What a file may be at most: bytes, levels, aliases; and what may become of it: steps, characters of a step's id, calls of templates, and characters that
 * placeholders are filled into. A small file can ask for millions of each, and would hold up whoever reads it.
 */
export const LIMITS = {
  bytes: 1024 * 1024,
  depth: 64,
  aliases: 20,
  steps: 500,
  stepId: 300,
  calls: 5000,
  filled: 4 * 1024 * 1024
} as const

const MOST_SYNTAX_PROBLEMS = 20
const TOO_DEEP = `This is nested too deeply: at most ${LIMITS.depth} levels are read.`
/** each dash is told apart from the next by a blank: read once, from left to right, whatever follows */
const DASHES_WITHIN_DASHES = /^[ \t]*(?:-[ \t]+){65}/m

export type Path = readonly (string | number)[]

/** A parsed document that knows where its parts stand. */
export interface Source {
  document: Document
  tokens: Tokenised
  /** 1-based place of the node at a path, or of the nearest one above it */
  place(path: Path): { line: number; column: number }
  /** line of the first line of a block text at the path; the line of its key for other texts */
  textLine(path: Path): number
  /** the document as plain data, placeholders still tokens */
  data: unknown
}

export type SourceResult = { ok: true; source: Source } | { ok: false; problems: Problem[] }

/** Text → document, within limits; every reason against it with its line. Never throws. */
export function readSource(text: string): SourceResult {
  const size = new TextEncoder().encode(text).length
  if (size > LIMITS.bytes)
    return refuse('manifest/too-large', `The file has ${size} bytes; at most ${LIMITS.bytes} are read.`)
  if (hasTokenCharacters(text))
    return refuse('manifest/characters', 'The file has private-use characters (U+E000, U+E001); remove them.')
  const deep = tooDeep(text)
  if (deep !== null) return deep
  const lines = new LineCounter()
  return parseSource(tokenise(text), lines)
}

/** A manifest inside another one (a ChaosEngine in an artifact): its placeholders are tokens of the outer file already. */
export function readEmbedded(text: string, expressions: readonly string[]): SourceResult {
  return tooDeep(text) ?? parseSource({ text, expressions }, new LineCounter())
}

function parseSource(tokens: Tokenised, lines: LineCounter): SourceResult {
  const documents = parseAllDocuments(tokens.text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: true
  })
  if (!Array.isArray(documents) || documents.length === 0) return refuse('manifest/empty', 'The file is empty.')
  const [document, second] = documents
  if (document === undefined) return refuse('manifest/empty', 'The file is empty.')
  const errors = documents.flatMap((parsed) => parsed.errors)
  // the parser recurses: what the bounds let pass can still be deeper than its stack
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep !== undefined) return refuse('manifest/too-deep', TOO_DEEP, lines.linePos(deep.pos[0]).line)
  if (errors.length > 0)
    return { ok: false, problems: errors.slice(0, MOST_SYNTAX_PROBLEMS).map((error) => syntaxProblem(error, lines)) }
  if (second !== undefined) {
    const line = lines.linePos(second.range?.[0] ?? 0).line
    return refuse(
      'manifest/several-documents',
      'The file has several documents; put each workflow into a file of its own.',
      line
    )
  }
  const twice = duplicateKeys(document, lines)
  if (twice.length > 0) return { ok: false, problems: twice }
  const odd = mayBeOdd(tokens.text) ? characterProblem(document, lines) : null
  if (odd !== null) return odd
  const bomb = tokens.text.includes('*') ? aliasProblem(document, lines) : null
  if (bomb !== null) return bomb
  if (!isMap(document.contents))
    return refuse(
      'manifest/not-a-map',
      'The file is no manifest: a map with apiVersion, kind and metadata is expected.'
    )
  const data = document.toJS({ maxAliasCount: 1000 }) as unknown
  return {
    ok: true,
    source: { document, tokens, data, place: placeOf(document, lines), textLine: textLineOf(document, lines) }
  }
}

function placeOf(document: Document, lines: LineCounter): Source['place'] {
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      if (!isNode(node) || node.range === undefined || node.range === null) continue
      const { line, col } = lines.linePos(node.range[0])
      return { line, column: col }
    }
    return { line: 1, column: 1 }
  }
}

function textLineOf(document: Document, lines: LineCounter): Source['textLine'] {
  return (path) => {
    const node = document.getIn(path, true)
    if (!isScalar(node) || !node.range) return 1
    const { line } = lines.linePos(node.range[0])
    return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? line + 1 : line
  }
}

function syntaxProblem(error: YAMLError, lines: LineCounter): Problem {
  const { line, col } = lines.linePos(error.pos[0])
  return {
    code: 'manifest/syntax',
    severity: 'error',
    message: `This is not YAML: ${error.message}.`,
    line,
    column: col
  }
}

/** The parser's own check compares each key with all others of its map: a file of many keys would hold up the server for minutes. */
function duplicateKeys(document: Document, lines: LineCounter): Problem[] {
  const places: { line: number; col: number }[] = []
  const open: unknown[] = [document.contents]
  while (open.length > 0) {
    const node = open.pop()
    if (isSeq(node)) for (const item of node.items) if (isCollection(item)) open.push(item)
    if (!isMap(node)) continue
    const known = new Set<unknown>()
    for (const { key, value } of node.items) {
      if (isScalar(key) && known.has(key.value)) places.push(lines.linePos(key.range?.[0] ?? 0))
      if (isScalar(key)) known.add(key.value)
      if (isCollection(value)) open.push(value)
    }
  }
  const message = 'This key is there twice.'
  return places
    .sort((a, b) => a.line - b.line)
    .slice(0, MOST_SYNTAX_PROBLEMS)
    .map(({ line, col }) => ({ code: 'manifest/syntax', severity: 'error', message, line, column: col }))
}

/** Every node of every file is looked at only where its text has what such a character comes from. */
function mayBeOdd(text: string): boolean {
  return text.includes('\\') || text.includes('\0') || !text.isWellFormed()
}

/** Escapes can name what no text may hold: NUL, which neither a process nor a database takes, or half a character. */
function characterProblem(document: Document, lines: LineCounter): SourceResult | null {
  let at: number | undefined
  visit(document, {
    Scalar: (_key, { value, range }) => {
      if (typeof value !== 'string' || (!value.includes('\0') && value.isWellFormed())) return undefined
      at = range?.[0] ?? 0
      return visit.BREAK
    }
  })
  if (at === undefined) return null
  const message = 'This text has a NUL character, or half a Unicode character; remove it.'
  return refuse('manifest/characters', message, lines.linePos(at).line)
}

/** Aliases are counted, not expanded: a bomb costs nothing. Merge keys and anchors have no use in a workflow. */
function aliasProblem(document: Document, lines: LineCounter): SourceResult | null {
  let aliases = 0
  let at = 0
  let dangling: string | undefined
  visit(document, {
    Alias: (_key, node) => {
      aliases += 1
      at = node.range?.[0] ?? at
      if (node.resolve(document) === undefined) dangling = node.source
      return aliases > LIMITS.aliases || dangling !== undefined ? visit.BREAK : undefined
    }
  })
  if (dangling !== undefined)
    return refuse(
      'manifest/alias',
      `There is no anchor &${dangling} before the alias *${dangling}.`,
      lines.linePos(at).line
    )
  if (aliases <= LIMITS.aliases && !nestedAlias(document)) return null
  return refuse(
    'manifest/alias-bomb',
    'The file has too many YAML aliases, or aliases within aliases; write the values out.',
    lines.linePos(at).line
  )
}

function nestedAlias(document: Document): boolean {
  let nested = false
  visit(document, {
    Node: (_key, node) => {
      if (!isCollection(node) || node.anchor === undefined) return undefined
      visit(node, {
        Alias: () => {
          nested = true
          return visit.BREAK
        }
      })
      return nested ? visit.BREAK : undefined
    }
  })
  return nested || isAlias(document.contents)
}

/** Indentation and brackets bound the depth before a parser recurses into it. */
function tooDeep(text: string): SourceResult | null {
  let open = 0
  let line = 1
  for (const character of text) {
    if (character === '\n') line += 1
    else if (character === '[' || character === '{') open += 1
    else if (character === ']' || character === '}') open = Math.max(0, open - 1)
    if (open > 4 * LIMITS.depth) return refuse('manifest/too-deep', TOO_DEEP, line)
  }
  const dashes = DASHES_WITHIN_DASHES.exec(text)
  if (dashes === null) return null
  return refuse('manifest/too-deep', TOO_DEEP, text.slice(0, dashes.index).split('\n').length)
}

function refuse(code: string, message: string, line = 1): SourceResult {
  return { ok: false, problems: [{ code, severity: 'error', message, line, column: 1 }] }
}
