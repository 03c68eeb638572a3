import { durationText, offsetText, type Timeline, type TimelineLane } from '../../domain/index.ts'
import { type HtmlText, html } from './html-text.ts'

const WIDTH = 1000
const LABEL = 230
const TRACK = WIDTH - LABEL - 10
const ROW = 24
const HEAD = 22
const LABEL_CHARS = 34

/** Faults and probe checks on one time axis, as SVG; titles tell what a part is. */
export function timelineSvg({ lanes, ticks, from }: Timeline): HtmlText {
  const height = HEAD + lanes.length * ROW + 6
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of faults and probe checks; the tables below say the same in words">
${ticks.map(
  ({ at, seconds }) =>
    html`<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${HEAD}" y2="${height}"/><text x="${x(at)}" y="14">${seconds} s</text>`
)}
${lanes.map((lane, index) => laneSvg(lane, HEAD + index * ROW, from))}
</svg>`
}

function laneSvg(lane: TimelineLane, y: number, from: number): HtmlText {
  const indent = lane.kind === 'fault' ? 0 : 14
  const label = html`<text class="label" x="${indent}" y="${y + 16}">${short(lane.label)}</text>`
  if (lane.kind === 'fault') {
    return html`${label}${lane.spans.map(
      (span) =>
        html`<rect class="${span.kind === 'step' ? 'step-span' : span.kind}" x="${x(span.from)}" y="${y + 4}" width="${width(span)}" height="16" rx="3"><title>${span.kind}${span.target === null ? '' : ` on ${span.target}`}: ${durationText(span.ended - span.began)}</title></rect>`
    )}`
  }
  return html`${label}${lane.marks.map((mark) => {
    const [top, tall] = mark.passed ? [y + 9, 6] : [y + 3, 18]
    const words = mark.passed ? `${mark.count} passed` : `${mark.count} failed: ${mark.first.evidence}`
    return html`<rect class="${mark.passed ? 'passed' : 'failed'}" x="${x(mark.from)}" y="${top}" width="${width(mark)}" height="${tall}" rx="2"><title>${offsetText(mark.first.at - from)}: ${words}</title></rect>`
  })}`
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
