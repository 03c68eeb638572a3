import type { ProbeSpec } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'

/**
 * Litmus 3 names the probes of an engine in its annotation `probeRef`, a JSON list of `{name, mode}`, and keeps them
 * elsewhere. One that the engine does not have as well is not here: a warning in the file, refused at a run, which would
 * else judge less than the file says.
 */
export function checkReferences(
  engine: NodeReader,
  probes: readonly ProbeSpec[],
  { compiling }: { compiling: boolean }
): void {
  const at = engine.at('metadata').at('annotations').at('probeRef')
  if (at.missing) return
  const names = namesIn(at.text() ?? '')
  if (names === null)
    at.problem('manifest/probe-reference', 'probeRef must be a JSON list like [{"name": "…", "mode": "SOT"}].')
  const absent = (names ?? []).filter((name) => !probes.some((probe) => probe.name === name))
  if (absent.length === 0) return
  const message = `probeRef names probes that are not here: ${absent.join(', ')}. Write each into the engine (spec.experiments[0].spec.probe), or take it out of probeRef; until then it does not run.`
  at.problem('manifest/probe-reference', message, compiling ? 'error' : 'warning')
}

function namesIn(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list)) return null
    const names = list.map((item: unknown) =>
      typeof item === 'object' && item !== null && 'name' in item ? item.name : null
    )
    return names.every((name) => typeof name === 'string') ? names : null
  } catch {
    return null
  }
}
