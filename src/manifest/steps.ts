import type { FaultCatalogue, PlanStep } from '../domain/index.ts'
import { leafAction } from './leaf.ts'
import { type NodeReader, type ProblemSink, pathText } from './node-reader.ts'
import { fill } from './placeholders.ts'
import { LIMITS, type Source } from './source.ts'

export interface StepContext {
  source: Source
  sink: ProblemSink
  catalogue: FaultCatalogue
  /** value of a placeholder that means the same everywhere in the workflow */
  fillGlobal(expression: string): string | undefined
}

/** Keys that change what is run; leaving one out would run something else than the file says. */
const STEP_REFUSED = [
  'when',
  'withItems',
  'withParam',
  'withSequence',
  'continueOn',
  'hooks',
  'onExit',
  'templateRef',
  'inline'
]
const TEMPLATE_REFUSED = [
  'script',
  'data',
  'http',
  'plugin',
  'containerSet',
  'retryStrategy',
  'synchronization',
  'memoize',
  'parallelism',
  'timeout',
  'activeDeadlineSeconds',
  'daemon'
]
const DAG_REFUSED = ['target', 'failFast']
const SPEC_REFUSED = [
  'onExit',
  'templateDefaults',
  'workflowTemplateRef',
  'synchronization',
  'hooks',
  'suspend',
  'parallelism',
  'retryStrategy'
]

interface Call {
  template: string
  /** path of names, unique in the plan */
  id: string
  name: string
  needs: readonly string[]
  arguments: ReadonlyMap<string, string>
  /** templates that led here */
  stack: readonly string[]
  at: NodeReader
}

/** The workflow's templates, from the entrypoint on, as one flat list in topological order; `steps` and `dag` alike. */
export function expandSteps(spec: NodeReader, context: StepContext): PlanStep[] {
  const expander = new Expander(spec, context)
  return expander.run()
}

class Expander {
  readonly #source: Source
  readonly #sink: ProblemSink
  readonly #context: StepContext
  readonly #spec: NodeReader
  readonly #templates = new Map<string, NodeReader>()
  readonly #plan: PlanStep[] = []

  constructor(spec: NodeReader, context: StepContext) {
    this.#source = context.source
    this.#sink = context.sink
    this.#context = context
    this.#spec = spec
  }

  run(): PlanStep[] {
    refuse(this.#spec, SPEC_REFUSED, 'The workflow')
    for (const template of this.#spec.at('templates').items()) {
      const name = template.at('name').required('The name of the template')
      if (name !== undefined && this.#templates.has(name))
        template.at('name').problem('manifest/duplicate-template', `There are two templates ${name}.`)
      else if (name !== undefined) this.#templates.set(name, template)
    }
    const entry = this.#spec.at('entrypoint').required(`${pathText(this.#spec.path)}.entrypoint`)
    if (entry === undefined) return []
    this.#expand({
      template: entry,
      id: '',
      name: entry,
      needs: [],
      arguments: new Map(),
      stack: [],
      at: this.#spec.at('entrypoint')
    })
    if (this.#plan.length === 0 && this.#sink.problems.length === 0)
      this.#spec.problem('manifest/no-steps', 'The workflow has no steps.')
    return this.#plan
  }

  /** Adds the steps of one call; answers the ids that whatever comes after has to wait for. */
  #expand(call: Call): readonly string[] {
    const template = this.#templates.get(call.template)
    if (template === undefined) {
      call.at.problem('manifest/unknown-template', `There is no template ${call.template}.`)
      return []
    }
    if (call.stack.includes(call.template)) {
      call.at.problem('manifest/recursion', `Template ${call.template} calls itself.`)
      return []
    }
    if (this.#plan.length >= LIMITS.steps) {
      if (this.#plan.length === LIMITS.steps)
        call.at.problem('manifest/too-many-steps', `The workflow has more than ${LIMITS.steps} steps.`)
      return []
    }
    refuse(template, TEMPLATE_REFUSED, `Template ${call.template}`)
    const inner = { ...call, arguments: this.#inputs(template, call), stack: [...call.stack, call.template] }
    if (!template.at('steps').missing) return this.#groups(template.at('steps'), inner)
    if (!template.at('dag').missing) return this.#dag(template.at('dag'), inner)
    return this.#leaf(template, inner)
  }

  /** Groups one after another; the steps of a group side by side. */
  #groups(groups: NodeReader, call: Call): readonly string[] {
    let needs = call.needs
    for (const group of groups.items()) {
      const exits = group.items().flatMap((step) => this.#step(step, { ...call, needs }))
      if (exits.length > 0) needs = exits
    }
    return needs
  }

  #step(step: NodeReader, call: Call): readonly string[] {
    const name = step.at('name').required('The name of the step')
    const template = step.at('template').required('The template of the step')
    if (name === undefined || template === undefined) return []
    refuse(step, STEP_REFUSED, `Step ${name}`)
    return this.#expand({
      ...call,
      template,
      name,
      id: join(call.id, name),
      arguments: this.#arguments(step, call),
      at: step.at('template')
    })
  }

  /** Tasks by their dependencies, in an order in which each comes after what it needs. */
  #dag(dag: NodeReader, call: Call): readonly string[] {
    refuse(dag, DAG_REFUSED, `The dag of ${call.template}`)
    const tasks = dag.at('tasks').items()
    const exits = new Map<string, readonly string[]>()
    let open = tasks
    while (open.length > 0) {
      const ready = open.filter((task) => dependencies(task).every((name) => exits.has(name)))
      if (ready.length === 0) {
        open[0]?.problem('manifest/dependencies', 'Its dependencies are not there, or go round in a circle.')
        return []
      }
      for (const task of ready) {
        const needs = dependencies(task).flatMap((name) => exits.get(name) ?? [])
        exits.set(
          task.at('name').text() ?? '',
          this.#step(task, { ...call, needs: needs.length > 0 ? needs : call.needs })
        )
      }
      open = open.filter((task) => !ready.includes(task))
    }
    const needed = new Set(tasks.flatMap(dependencies))
    return [...exits].filter(([name]) => !needed.has(name)).flatMap(([, ids]) => ids)
  }

  #leaf(template: NodeReader, call: Call): readonly string[] {
    const id = call.id === '' ? call.name : call.id
    if (this.#plan.some((step) => step.id === id)) {
      call.at.problem('manifest/duplicate-step', `There are two steps ${id}.`)
      return []
    }
    const action = leafAction(template, {
      name: call.template,
      source: this.#source,
      sink: this.#sink,
      catalogue: this.#context.catalogue,
      fillText: (text) => this.#fill(text, call)
    })
    if (action === undefined) return []
    this.#plan.push({ id, name: call.name, needs: [...new Set(call.needs)], action })
    return [id]
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

  #fill(text: string, call: Call): string {
    return fill(text, this.#source.tokens.expressions, (expression) => {
      const input = /^inputs\.parameters\.([\w.-]+)$/.exec(expression)?.[1]
      return input === undefined ? this.#context.fillGlobal(expression) : call.arguments.get(input)
    })
  }
}

/** `dependencies: [a, b]`, or the simple form of `depends`: names joined by &&. */
function dependencies(task: NodeReader): string[] {
  const depends = task.at('depends').text()
  if (depends !== undefined) {
    if (!/^[\w.-]+(\s*&&\s*[\w.-]+)*$/.test(depends) || depends.includes('.')) {
      task
        .at('depends')
        .problem(
          'manifest/unsupported',
          `depends "${depends}": only names joined by && are run here; Argo Workflows runs the rest.`
        )
    }
    return depends.split('&&').map((name) => name.trim().split('.')[0] ?? '')
  }
  return task
    .at('dependencies')
    .items()
    .map((name) => name.text() ?? '')
}

function refuse(at: NodeReader, keys: readonly string[], who: string): void {
  for (const key of keys) {
    if (!at.at(key).missing)
      at.at(key).problem(
        'manifest/unsupported',
        `${who} uses ${key}, which this engine does not run yet; Argo Workflows runs it.`
      )
  }
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`
}
