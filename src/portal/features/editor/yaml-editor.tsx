import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, indentOnInput } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { FaultCatalogue, Problem } from '../../../domain/index.ts'
import { completionsAt } from './completions.ts'
import classes from './editor.module.css'
import { editorLook } from './editor-look.ts'

interface YamlEditorProps {
  label: string
  value: string
  onChange?: (text: string) => void
  problems?: readonly Problem[]
  /** what is offered as one types; absent: nothing */
  catalogue?: FaultCatalogue
  readOnly?: boolean
  /** a line to show; a new object shows it again */
  goTo?: { line: number } | null
  /** the line that the cursor stands on */
  onLine?: (line: number) => void
}

/** A YAML text with its problems marked where they are. */
export function YamlEditor(props: YamlEditorProps) {
  const { label, value, problems = [], readOnly = false, goTo = null } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    if (host.current === null) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [extensions(label, readOnly), complete(() => latest.current), tellChanges(() => latest.current)]
      })
    })
    view.current = editor
    return () => editor.destroy()
  }, [label, readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (editor !== null) editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state.doc, problems)))
  }, [problems])

  useEffect(() => {
    if (goTo !== null && view.current !== null) showLine(view.current, goTo.line)
  }, [goTo])

  return <div ref={host} className={classes.editor} />
}

function extensions(label: string, readOnly: boolean) {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    yaml(),
    EditorState.readOnly.of(readOnly),
    editorLook(label)
  ]
}

function complete(props: () => YamlEditorProps) {
  const source = (context: CompletionContext): CompletionResult | null => {
    const { catalogue } = props()
    const before = context.state.sliceDoc(0, context.pos)
    const found = catalogue === undefined ? null : completionsAt(before, catalogue)
    return found && { from: context.pos - found.length, options: found.options, validFor: /^[\w./-]*$/ }
  }
  return autocompletion({ override: [source], icons: false })
}

function tellChanges(props: () => YamlEditorProps) {
  return EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
    if (docChanged) props().onChange?.(state.doc.toString())
    if (selectionSet) props().onLine?.(state.doc.lineAt(state.selection.main.head).number)
  })
}

function diagnostics(doc: Text, problems: readonly Problem[]): Diagnostic[] {
  return problems
    .map(({ severity, message, line = 1, column = 1 }) => {
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines))
      return { severity, message, from: Math.min(from + column - 1, to), to }
    })
    .toSorted((a, b) => a.from - b.from)
}

function showLine(editor: EditorView, number: number): void {
  const { doc } = editor.state
  const line = doc.line(Math.min(Math.max(number, 1), doc.lines))
  editor.dispatch({
    selection: { anchor: line.from },
    effects: EditorView.scrollIntoView(line.from, { y: 'center' })
  })
}
