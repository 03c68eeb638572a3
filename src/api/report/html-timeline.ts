import {
  durationText,
  offsetText,
  type Timeline,
  type TimelineGroup,
  type TimelineProbe,
  type TimelineSpan
} from '../../domain/index.ts'
import { type HtmlText, html } from './html-text.ts'

const WIDTH = 1000
const LABEL = 230
const TRACK = WIDTH - LABEL - 10
const ROW = 24
const HEAD = 22
const LABEL_CHARS = 34

/** Faults, waits and probe checks on one time axis, as SVG; titles tell what a part is. */
export function timelineSvg({ groups, ticks, from }: Timeline): HtmlText {
  const rows = groups.flatMap((group) => [group, ...(group.kind === 'fault' ? group.probes : [])])
  const height = HEAD + rows.length * ROW + 6
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of faults and probe checks; the tables below say the same in words">
${ticks.map(
  ({ at, seconds }) =>
    html`<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${HEAD}" y2="${height}"/><text x="${x(at)}" y="14">${seconds} s</text>`
)}
${rows.map((row, index) => {
  const y = HEAD + index * ROW
  return 'marks' in row ? probeSvg(row, y, from) : groupSvg(row, y, from)
})}
</svg>`
}

function groupSvg(group: TimelineGroup, y: number, from: number): HtmlText {
  const label = labelSvg(group.label, 0, y)
  if (group.kind === 'wait') {
    const { wait, began, ended } = group
    const words = `waits ${durationText(ended - began)}${wait.decision === null ? '' : `, ${wait.decision}`}`
    return html`${label}<rect class="step-span" x="${x(group.from)}" y="${y + 4}" width="${width(group)}" height="16" rx="3"><title>${words}</title></rect>`
  }
  return html`${label}${group.spans.map((span) => spanSvg(span, y))}${group.retries.map(
    ({ attempt, at, began }) =>
      html`<line class="retry" x1="${x(at)}" x2="${x(at)}" y1="${y + 1}" y2="${y + 23}"><title>attempt ${attempt}, ${offsetText(began - from)}</title></line>`
  )}`
}

function spanSvg(span: TimelineSpan, y: number): HtmlText {
  const { kind, target, began, ended } = span
  const words = `${kind}${target === null ? '' : ` on ${target}`}: ${durationText(ended - began)}`
  return html`<rect class="${kind === 'step' ? 'step-span' : kind}" x="${x(span.from)}" y="${y + 4}" width="${width(span)}" height="16" rx="3"><title>${words}</title></rect>`
}

function probeSvg({ label, marks }: TimelineProbe, y: number, from: number): HtmlText {
  return html`${labelSvg(label, 14, y)}${marks.map((mark) => {
    const [top, tall] = mark.passed ? [y + 9, 6] : [y + 3, 18]
    const words = mark.passed ? `${mark.count} passed` : `${mark.count} failed: ${mark.first.evidence}`
    return html`<rect class="${mark.passed ? 'passed' : 'failed'}" x="${x(mark.from)}" y="${top}" width="${width(mark)}" height="${tall}" rx="2"><title>${offsetText(mark.first.at - from)}: ${words}</title></rect>`
  })}`
}

function labelSvg(label: string, indent: number, y: number): HtmlText {
  return html`<text class="label" x="${indent}" y="${y + 16}">${short(label)}</text>`
}

function x(share: number): string {
  return (LABEL + share * TRACK).toFixed(1)
}

function width({ from, to }: { from: number; to: number }): string {
  return Math.max(4, (to - from) * TRACK).toFixed(1)
}

function short(label: string): string {
  const characters = [...label]
  return characters.length <= LABEL_CHARS ? label : `${characters.slice(0, LABEL_CHARS - 1).join('')}…`
}
