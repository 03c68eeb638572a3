import { history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import classes from './editor.module.css'
import { editorLook } from './editor-look.ts'

const COLLAPSE = { margin: 3, minSize: 6 }

interface RebaseEditorProps {
  /** the text that came in meanwhile */
  newer: string
  /** what was typed, over an older one */
  mine: string
  label: string
  /** of the two buttons at each difference */
  words?: { keep: string; take: string }
  onText: (text: string) => void
}

/** What was typed over a newer text: each difference can be kept or given up, and all of it can be edited. */
export function RebaseEditor({ newer, mine, label, words = WORDS, onText }: RebaseEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const tell = useRef(onText)
  tell.current = onText
  useEffect(() => {
    if (host.current === null) return
    const view = new EditorView({
      doc: mine,
      parent: host.current,
      extensions: [
        lineNumbers(),
        history(),
        keymap.of(historyKeymap),
        yaml(),
        EditorView.lineWrapping,
        unifiedMergeView({ original: newer, gutter: true, mergeControls: control(words), collapseUnchanged: COLLAPSE }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) tell.current(state.doc.toString())
        }),
        editorLook(label)
      ]
    })
    return () => view.destroy()
  }, [newer, mine, label, words])
  return <div ref={host} className={classes.diff} />
}

const WORDS = { keep: 'Keep mine', take: 'Take the newer' }

function control({ keep, take }: typeof WORDS) {
  return (type: 'reject' | 'accept', action: (event: MouseEvent) => void): HTMLElement => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = classes.take ?? ''
    button.textContent = type === 'accept' ? keep : take
    button.onmousedown = action
    button.onclick = (event) => {
      // of the keyboard; a mouse has done it already
      if (event.detail === 0) action(event)
    }
    return button
  }
}
