import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { styleNonce } from '../../ui/style-nonce.ts'

const surface = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--fl-ink)', fontSize: '0.8125rem', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '&:has(.cm-content:focus)': { outline: '2px solid var(--fl-accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--fl-ink)', padding: '10px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--fl-ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--fl-ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--fl-accent) 7%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--fl-ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--fl-accent) 24%, transparent) !important'
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--fl-surface)',
    border: '1px solid var(--fl-line-strong)',
    borderRadius: '6px',
    color: 'var(--fl-ink)'
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--fl-accent)', color: 'var(--fl-surface)' },
  '.cm-diagnostic': { padding: '6px 10px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--fl-fail-solid)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--fl-wait-solid)' },
  '.cm-changedLine': { backgroundColor: 'var(--fl-pass-soft) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--fl-fail-soft) !important', paddingLeft: '6px' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--fl-fail-soft) !important' },
  '.cm-tooltip.cm-tooltip-autocomplete': {
    background: 'var(--fl-surface)',
    border: '1px solid var(--fl-line-strong)',
    borderRadius: '6px'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--fl-sunken)',
    color: 'var(--fl-ink)'
  },
  '.cm-completionMatchedText': { color: 'var(--fl-accent)', fontWeight: '600', textDecoration: 'none' },
  '.cm-completionDetail': { color: 'var(--fl-ink-3)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': {
    background: 'var(--fl-surface)',
    border: '1px solid var(--fl-line-strong)',
    color: 'var(--fl-ink-2)',
    fontFamily: 'var(--mantine-font-family)',
    padding: '6px 10px'
  },
  '.cm-insertedLine, .cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--fl-pass-solid) 16%, transparent) !important' },
  '.cm-deletedText, &.cm-merge-a .cm-changedText': {
    background: 'color-mix(in srgb, var(--fl-fail-solid) 12%, transparent) !important'
  },
  '.cm-collapsedLines': {
    background: 'var(--fl-sunken)',
    color: 'var(--fl-ink-2)',
    fontFamily: 'var(--mantine-font-family)',
    padding: '3px 14px'
  },
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"⋯" !important' }
})

/** CodeMirror's own colours by ours, which follow the colour scheme. */
const COLOURS: Record<string, string> = {
  '#00c': 'var(--fl-accent)',
  '#940': 'var(--fl-ink-2)',
  '#404740': 'var(--fl-ink-2)',
  '#164': 'var(--fl-wait)',
  '#219': 'var(--fl-wait)',
  '#708': 'var(--fl-wait)',
  '#a11': 'var(--fl-pass)',
  '#e40': 'var(--fl-pass)',
  '#f00': 'var(--fl-fail)'
}

const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => ({ ...spec, color: COLOURS[String(spec.color)] ?? 'inherit' }))
)

/** How every text looks, editable or not; its styles carry the page's nonce. */
export function editorLook(label: string): Extension {
  return [
    surface,
    syntaxHighlighting(colours),
    EditorView.cspNonce.of(styleNonce()),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })
  ]
}
