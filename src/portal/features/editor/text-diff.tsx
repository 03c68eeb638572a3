import { yaml } from '@codemirror/lang-yaml'
import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import classes from './editor.module.css'
import { editorLook } from './editor-look.ts'

interface TextDiffProps {
  before: string
  after: string
  /** said to screen readers */
  label: string
  /** both texts side by side instead of one under the other */
  split?: boolean
  /** show also what is far from any change */
  whole?: boolean
}

const COLLAPSE = { margin: 3, minSize: 5 }

/** What changed between two texts; to read, not to edit. */
export function TextDiff({ before, after, label, split = false, whole = false }: TextDiffProps) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (host.current === null) return
    const options = { before, after, label, whole, parent: host.current }
    const view = split ? splitView(options) : unifiedView(options)
    return () => view.destroy()
  }, [before, after, label, split, whole])
  return <div ref={host} className={classes.diff} />
}

interface DiffOptions {
  before: string
  after: string
  label: string
  whole: boolean
  parent: HTMLElement
}

function unifiedView({ before, after, label, whole, parent }: DiffOptions): EditorView {
  const merge = unifiedMergeView({
    original: before,
    mergeControls: false,
    gutter: true,
    ...(!whole && { collapseUnchanged: COLLAPSE })
  })
  return new EditorView({ doc: after, parent, extensions: [...still(label), merge] })
}

function splitView({ before, after, label, whole, parent }: DiffOptions): MergeView {
  return new MergeView({
    a: { doc: before, extensions: still(`${label}, before`) },
    b: { doc: after, extensions: still(`${label}, after`) },
    parent,
    gutter: true,
    ...(!whole && { collapseUnchanged: COLLAPSE })
  })
}

function still(label: string): Extension[] {
  return [
    lineNumbers(),
    yaml(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    editorLook(label)
  ]
}
