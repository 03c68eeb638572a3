import { AppError } from '../../platform/index.ts'

/** An object of Kubernetes has at most about 1.5 MB in etcd; as JSON it is larger. */
const LONGEST_LINE = 8 * 1024 * 1024
const NEWLINE = 0x0a

/** The JSON values of a watch, one a line, as they come. Throws `cluster/bad-watch` for a line that is none, or that has no end. */
export async function* eventLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let open: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      open.push(chunk.subarray(from, end))
      from = end + 1
      const line = Buffer.concat(open).toString('utf8')
      open = []
      bytes = 0
      if (line.trim() !== '') yield parsed(line)
    }
    const rest = chunk.subarray(from)
    bytes += rest.length
    if (bytes > LONGEST_LINE) throw badLine(`is longer than ${LONGEST_LINE} bytes`)
    if (rest.length > 0) open.push(rest)
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw badLine(`is no JSON: ${line.slice(0, 80)}`)
  }
}

function badLine(why: string): AppError {
  const message = `A line of the watch ${why}.`
  return new AppError({ code: 'cluster/bad-watch', kind: 'transient', message })
}
