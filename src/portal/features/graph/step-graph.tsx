import '@xyflow/react/dist/base.css'
import { type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import type { Face } from '../../ui/chip.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import classes from './graph.module.css'
import { layoutGraph, NODE } from './graph-layout.ts'

export interface GraphNode {
  id: string
  needs: readonly string[]
  name: string
  /** second line: the fault, or why nothing happens here */
  detail: string
  icon: IconName
  /** part of the exit handler */
  exit: boolean
  /** what became of it in a run */
  face?: Face
}

interface StepGraphProps {
  steps: readonly GraphNode[]
  direction: 'down' | 'right'
  /** as high as its box, not as its steps */
  fill?: boolean
  selected: string | null
  onSelect: (step: string) => void
  label: string
}

type StepNode = Node<{ step: GraphNode; down: boolean; selected: boolean; onSelect: (step: string) => void }, 'step'>

const NODE_TYPES = { step: StepBox }
const MARGIN = 24
const MAX_HEIGHT = 460

/** The steps of a workflow as a graph; choosing one tells its id. */
export function StepGraph({ steps, direction, fill = false, selected, onSelect, label }: StepGraphProps) {
  const laid = useMemo(() => layoutGraph(steps, direction), [steps, direction])
  const nodes = steps.map(
    (step): StepNode => ({
      id: step.id,
      type: 'step',
      position: laid.places.get(step.id) ?? { x: 0, y: 0 },
      width: NODE.width,
      height: NODE.height,
      data: { step, down: direction === 'down', selected: step.id === selected, onSelect }
    })
  )
  const height = fill ? '100%' : Math.min(MAX_HEIGHT, laid.height + 2 * MARGIN)
  return (
    <section className={classes.graph} style={{ height }} aria-label={label}>
      <ReactFlow
        key={`${direction} ${steps.length}`}
        nodes={nodes}
        edges={edgesOf(steps)}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ padding: `${MARGIN}px`, maxZoom: 1, minZoom: 0.35 }}
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: false }}
      />
    </section>
  )
}

function edgesOf(steps: readonly GraphNode[]): Edge[] {
  const known = new Set(steps.map(({ id }) => id))
  const exits = new Set(steps.filter(({ exit }) => exit).map(({ id }) => id))
  return steps.flatMap(({ id, needs, face }) =>
    needs
      .filter((need) => known.has(need))
      .map((need) => ({
        id: `${need} → ${id}`,
        source: need,
        target: id,
        type: 'smoothstep',
        className: exits.has(id) && !exits.has(need) ? (classes.toExit ?? '') : '',
        animated: face?.tone === 'live'
      }))
  )
}

function StepBox({ data: { step, down, selected, onSelect } }: NodeProps<StepNode>) {
  const { face } = step
  return (
    <>
      <Handle type="target" position={down ? Position.Top : Position.Left} className={classes.handle ?? ''} />
      <button
        type="button"
        className={classes.step}
        data-tone={face?.tone}
        data-exit={step.exit}
        title={step.detail}
        aria-pressed={selected}
        onClick={() => onSelect(step.id)}
      >
        <span className={classes.kind}>
          <Icon name={step.icon} size={16} />
        </span>
        <span className={classes.words}>
          <strong>{step.name}</strong>
          <span>{step.detail}</span>
        </span>
        {face ? (
          <span className={classes.face}>
            <Icon name={face.icon} size={14} />
            <span className="visually-hidden">{face.word}</span>
          </span>
        ) : null}
      </button>
      <Handle type="source" position={down ? Position.Bottom : Position.Right} className={classes.handle ?? ''} />
    </>
  )
}
