import type { FaultCatalogue, Lane, PlanStep, When } from '../domain/index.ts'
import { Allowance } from './allowance.ts'
import { dependsNames, readDepends } from './depends.ts'
import { type Item, itemValue, readItems } from './items.ts'
import { leafAction } from './leaf.ts'
import { type NodeReader, type ProblemSink, pathText } from './node-reader.ts'
import { fill } from './placeholders.ts'
import { type Earlier, type Entry, endedBefore, entryAfter, NO_ENTRY, type Reach, toldBy, within } from './reach.ts'
import {
  beyond,
  DAG_BEYOND,
  GROUP_BEYOND,
  refuse,
  SPEC_BEYOND,
  SPEC_REFUSED,
  STEP_BEYOND,
  STEP_REFUSED,
  TEMPLATE_BEYOND
} from './refused.ts'
import { readLane, readRules } from './rules.ts'
import { LIMITS, readEmbedded, type Source, type SourceResult } from './source.ts'
import { type Filled, readWhen } from './when.ts'

export interface StepContext {
  source: Source
  sink: ProblemSink
  catalogue: FaultCatalogue
  /** value of a placeholder that means the same everywhere in the workflow */
  fillGlobal(expression: string): string | undefined
  /** a run is being made of it: every value is given */
  compiling: boolean
}

interface Call {
  template: string
  /** path of names, unique in the plan */
  id: string
  name: string
  entry: Entry
  whens: readonly When[]
  lanes: readonly Lane[]
  tolerated: boolean
  exit: boolean
  arguments: ReadonlyMap<string, string>
  item: Item | null
  /** calls of the same template that have ended by then */
  earlier: Earlier
  /** templates that led here */
  stack: readonly string[]
  at: NodeReader
}

const NOTHING: Reach = { exits: [], counted: [], nested: true, tolerated: false }

/**
 * The workflow's templates, from the entrypoint on, as one flat list in topological order, then the exit handler; `steps`
 * and `dag` alike.
 */
export function expandSteps(spec: NodeReader, context: StepContext): PlanStep[] {
  return new Expander(spec, context).run()
}

class Expander {
  readonly #source: Source
  readonly #sink: ProblemSink
  readonly #context: StepContext
  readonly #spec: NodeReader
  readonly #templates = new Map<string, NodeReader>()
  readonly #plan = new Map<string, PlanStep>()
  readonly #allowance: Allowance
  /** manifests within this one, by their text: a loop reads its own once */
  readonly #embedded = new Map<string, SourceResult>()

  constructor(spec: NodeReader, context: StepContext) {
    this.#source = context.source
    this.#sink = context.sink
    this.#context = context
    this.#spec = spec
    this.#allowance = new Allowance(spec)
  }

  run(): PlanStep[] {
    refuse(this.#spec, SPEC_REFUSED, 'The workflow')
    beyond(this.#spec, SPEC_BEYOND, 'The workflow')
    beyond(this.#spec.at('templateDefaults'), TEMPLATE_BEYOND, 'templateDefaults')
    for (const template of this.#spec.at('templates').items()) {
      const name = template.at('name').required('The name of the template')
      if (name !== undefined && this.#templates.has(name))
        template.at('name').problem('manifest/duplicate-template', `There are two templates ${name}.`)
      else if (name !== undefined) this.#templates.set(name, template)
    }
    const entry = this.#spec.at('entrypoint').required(`${pathText(this.#spec.path)}.entrypoint`)
    if (entry === undefined) return []
    this.#begin(entry, this.#spec.at('entrypoint'), { id: '', exit: false })
    const handler = this.#spec.at('onExit').text()
    if (handler !== undefined) this.#begin(handler, this.#spec.at('onExit'), { id: 'onExit', exit: true })
    if (this.#plan.size === 0 && this.#sink.problems.length === 0)
      this.#spec.problem('manifest/no-steps', 'The workflow has no steps.')
    return [...this.#plan.values()]
  }

  #begin(template: string, at: NodeReader, { id, exit }: { id: string; exit: boolean }): void {
    const lanes = readLane(this.#spec.at('parallelism'), '', (text) => this.#fill(text, null))
    const none = { entry: NO_ENTRY, whens: [], tolerated: false, arguments: new Map(), item: null, earlier: new Map() }
    this.#expand({ ...none, template, id, name: template, lanes, exit, stack: [], at })
  }

  #expand(call: Call): Reach {
    if (!this.#allowance.call(call.at, this.#plan.size)) return NOTHING
    const template = this.#templates.get(call.template)
    if (template === undefined) {
      call.at.problem('manifest/unknown-template', `There is no template ${call.template}.`)
      return NOTHING
    }
    if (call.stack.includes(call.template)) {
      call.at.problem('manifest/recursion', `Template ${call.template} calls itself.`)
      return NOTHING
    }
    beyond(template, TEMPLATE_BEYOND, `Template ${call.template}`)
    const inner = {
      ...call,
      arguments: this.#inputs(template, call),
      stack: [...call.stack, call.template],
      item: null
    }
    const { steps, dag } = { steps: template.at('steps'), dag: template.at('dag') }
    if (steps.missing && dag.missing) return this.#leaf(template, inner)
    beyond(template, GROUP_BEYOND, `Template ${call.template}, which has steps of its own,`)
    const own = readLane(template.at('parallelism'), call.id === '' ? call.template : call.id, (text) =>
      this.#fill(text, inner)
    )
    const group = { ...inner, lanes: [...call.lanes, ...own] }
    return steps.missing ? this.#dag(dag, group) : this.#groups(steps, group)
  }

  /** Groups one after another; the steps of a group side by side. */
  #groups(list: NodeReader, call: Call): Reach {
    const groups = list.items()
    if (!this.#allowance.list(list, groups.length)) return NOTHING
    const all: Reach[] = []
    let last: Reach[] = []
    let entry = call.entry
    const earlier = new Map<string, Reach>()
    for (const group of groups) {
      if (this.#allowance.spent) return NOTHING
      const before = new Map(earlier)
      const reaches = group.items().map((step) => {
        const reach = this.#step(step, { ...call, entry, earlier: before })
        earlier.set(step.at('name').text() ?? '', reach)
        return reach
      })
      all.push(...reaches)
      if (reaches.some(({ exits }) => exits.length > 0)) {
        last = reaches
        entry = entryAfter(call.entry, reaches)
      }
    }
    return together(
      all,
      last.flatMap(({ exits }) => exits)
    )
  }

  /** One step of a group, or task of a dag; with items, one call for each. */
  #step(step: NodeReader, call: Call): Reach {
    if (this.#allowance.spent) return NOTHING
    const name = step.at('name').required('The name of the step')
    const template = step.at('template').required('The template of the step')
    if (name === undefined || template === undefined) return NOTHING
    refuse(step, STEP_REFUSED, `Step ${name}`)
    beyond(step, STEP_BEYOND, `Step ${name}`)
    const tolerated = [step.at('continueOn').at('failed'), step.at('continueOn').at('error')].some(isTrue)
    const loop = step.at('withItems')
    if (Array.isArray(loop.value) && !this.#allowance.list(loop, loop.value.length)) return NOTHING
    const items = readItems(loop, (text) => this.#fill(text, call))
    const reaches = (items ?? [null]).map((item) => {
      const looped = { ...call, item: item ?? call.item }
      return this.#expand({
        ...looped,
        template,
        name: name + (item?.label ?? ''),
        id: join(call.id, name + (item?.label ?? '')),
        whens: [...call.whens, ...this.#when(step, looped)],
        tolerated: call.tolerated || tolerated,
        arguments: this.#arguments(step, looped),
        at: step.at('template')
      })
    })
    const [only] = reaches
    const reach =
      items === null && only
        ? only
        : together(
            reaches,
            reaches.flatMap(({ exits }) => exits)
          )
    return { ...reach, tolerated }
  }

  /** Tasks by their dependencies, in an order in which each comes after what it needs. */
  #dag(dag: NodeReader, call: Call): Reach {
    beyond(dag, DAG_BEYOND, `The dag of ${call.template}`)
    if (isTrue(dag.at('failFast')))
      dag
        .at('failFast')
        .beyond(
          'manifest/unsupported',
          'failFast: what does not depend on a step in error goes on here; Argo Workflows ends it.'
        )
    const all = dag.at('tasks').items()
    if (!this.#allowance.list(dag.at('tasks'), all.length)) return NOTHING
    const tasks = all.map((task) => ({ task, name: task.at('name').text() ?? '', needs: dependencies(task) }))
    const done = new Map<string, { reach: Reach; needs: readonly string[] }>()
    let open = tasks
    while (open.length > 0) {
      const ready = open.filter(({ needs }) => needs.every((name) => done.has(name)))
      if (ready.length === 0) {
        open[0]?.task.problem('manifest/dependencies', 'Its dependencies are not there, or go round in a circle.')
        return NOTHING
      }
      for (const { task, name, needs } of ready) {
        const earlier = endedBefore(needs, done)
        const entry = entryOfTask(task, call.entry, (need) => done.get(need)?.reach, needs)
        done.set(name, { reach: this.#step(task, { ...call, entry, earlier }), needs })
      }
      open = open.filter((task) => !ready.includes(task))
    }
    const needed = new Set(tasks.flatMap(({ needs }) => needs))
    const ends = [...done].filter(([name]) => !needed.has(name)).flatMap(([, { reach }]) => reach.exits)
    return together(
      [...done.values()].map(({ reach }) => reach),
      ends
    )
  }

  #leaf(template: NodeReader, call: Call): Reach {
    const id = call.id === '' ? call.name : call.id
    if (this.#plan.has(id)) {
      call.at.problem('manifest/duplicate-step', `There are two steps ${id}.`)
      return NOTHING
    }
    if (!this.#mayGrow(id, call)) return NOTHING
    const fillText = (text: string) => this.#fill(text, call)
    const action = leafAction(template, {
      name: call.template,
      source: this.#source,
      sink: this.#sink,
      catalogue: this.#context.catalogue,
      compiling: this.#context.compiling,
      fillText,
      readEmbedded: (text) => this.#readEmbedded(text)
    })
    if (action === undefined) return NOTHING
    const { deadlineSeconds, retry } = readRules((key) => this.#rule(template, key), fillText)
    const { needs, gate, plain } = call.entry
    this.#plan.set(id, {
      id,
      name: call.name,
      needs: [...new Set(needs)],
      ...(!plain && { after: gate.length === 1 && gate[0] ? gate[0] : { kind: 'and' as const, of: gate } }),
      ...(call.whens.length > 0 && { when: call.whens }),
      ...(call.tolerated && { tolerated: true as const }),
      ...(call.exit && { exit: true as const }),
      ...(action.kind === 'fault' && call.lanes.length > 0 && { lanes: call.lanes }),
      ...(deadlineSeconds !== undefined && { deadlineSeconds }),
      ...(action.kind === 'fault' && retry && { retry }),
      action
    })
    return { exits: [id], counted: [id], nested: false, tolerated: false }
  }

  /** What a step repeats of those around it counts, too. */
  #mayGrow(id: string, { at, entry, whens }: Call): boolean {
    if (id.length > LIMITS.stepId)
      at.problem(
        'manifest/step-name',
        `The name of this step, with those it is part of, is over ${LIMITS.stepId} characters.`
      )
    return id.length <= LIMITS.stepId && this.#allowance.holds([entry, whens])
  }

  #readEmbedded(text: string): SourceResult {
    const known = this.#embedded.get(text) ?? readEmbedded(text, this.#source.tokens.expressions)
    this.#embedded.set(text, known)
    return known
  }

  /** A template's own word, else that of templateDefaults, else that of the workflow. */
  #rule(template: NodeReader, key: string): NodeReader {
    const places = [template.at(key), this.#spec.at('templateDefaults').at(key)]
    if (key === 'retryStrategy') places.push(this.#spec.at(key))
    return places.find((at) => !at.missing) ?? template.at(key)
  }

  #when(step: NodeReader, call: Call): When[] {
    const text = step.at('when').text()
    if (text === undefined || text.trim() === '') return []
    // Argo judges its own
    if (this.#sink.engine === 'argo') return []
    const said = (reason: string) => `when: ${this.#fill(text, call)}: ${reason}.`
    let unknown: string | null = null
    const read = readWhen(text, (token): Filled => {
      const value = this.#fill(token, call)
      const expression = this.#source.tokens.expressions[Number(/\d+/.exec(token)?.[0])] ?? ''
      if (value !== `{{${expression}}}`) return { kind: 'value', text: value }
      const told = toldBy(expression, call)
      if (told !== null && typeof told !== 'string') return { kind: 'told', told }
      if (!expression.startsWith('workflow.parameters.') && !expression.startsWith('inputs.parameters.'))
        unknown ??= told ?? `{{${expression}}} is not known here`
      return { kind: 'open' }
    })
    if (unknown !== null) step.at('when').beyond('manifest/when', said(unknown))
    else if (!read.ok) step.at('when').problem('manifest/when', said(read.reason))
    return unknown === null && read.ok ? [{ text: this.#fill(text, call), condition: read.condition }] : []
  }

  /** Arguments that were given, else the defaults of the template's inputs. */
  #inputs(template: NodeReader, call: Call): Map<string, string> {
    const values = new Map<string, string>()
    for (const parameter of template.at('inputs').at('parameters').items()) {
      const name = parameter.at('name').text() ?? ''
      const value = call.arguments.get(name) ?? parameter.at('value').text() ?? parameter.at('default').text()
      if (value !== undefined) values.set(name, this.#fill(value, call))
      else call.at.problem('manifest/parameter', `The parameter ${name} of template ${call.template} is not given.`)
    }
    return values
  }

  #arguments(step: NodeReader, call: Call): Map<string, string> {
    const entries = step.at('arguments').at('parameters').items()
    return new Map(
      entries.map((entry) => [entry.at('name').text() ?? '', this.#fill(entry.at('value').text() ?? '', call)])
    )
  }

  #fill(text: string, call: Pick<Call, 'arguments' | 'item'> | null): string {
    const filled = fill(text, this.#source.tokens.expressions, (expression) => {
      const value = this.#value(expression, call)
      return value === undefined ? undefined : this.#allowance.filled(value)
    })
    return this.#allowance.filled(filled)
  }

  #value(expression: string, call: Pick<Call, 'arguments' | 'item'> | null): string | undefined {
    const item = itemValue(expression, call?.item ?? null)
    if (item !== null) return item
    const input = /^inputs\.parameters\.([\w.-]+)$/.exec(expression)?.[1]
    return input === undefined ? this.#context.fillGlobal(expression) : call?.arguments.get(input)
  }
}

function together(reaches: readonly Reach[], exits: readonly string[]): Reach {
  const counted = reaches.filter(({ tolerated }) => !tolerated).flatMap((reach) => reach.counted)
  return { exits, counted, nested: true, tolerated: false }
}

function entryOfTask(
  task: NodeReader,
  outer: Entry,
  reachOf: (name: string) => Reach | undefined,
  needs: readonly string[]
): Entry {
  const reaches = needs.flatMap((name) => reachOf(name) ?? [])
  const plain = entryAfter(outer, reaches)
  const depends = task.at('depends').text()
  if (depends === undefined || !/[|!.]/.test(depends)) return plain
  const read = readDepends(depends, (name) => reachOf(name)?.counted ?? [])
  return read.ok
    ? within(outer, { needs: reaches.flatMap(({ exits }) => exits), gate: [read.value], plain: false })
    : plain
}

/** `dependencies: [a, b]`, or the tasks that `depends` names. */
function dependencies(task: NodeReader): string[] {
  const depends = task.at('depends').text()
  if (depends === undefined)
    return task
      .at('dependencies')
      .items()
      .map((name) => name.text() ?? '')
  const names = dependsNames(depends)
  if (names.ok) return names.value
  task.at('depends').problem('manifest/depends', `depends: ${depends}: ${names.reason}.`)
  return []
}

function isTrue(at: NodeReader): boolean {
  return at.value === true || at.value === 'true'
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`
}
