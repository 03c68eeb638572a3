import type { ReportInjection, ReportProbe, ReportStep, RunReport } from '../../contract/index.ts'
import { attemptWords, durationText, offsetText, type Timeline } from '../../domain/index.ts'
import { POLICY, STYLE } from './html-style.ts'
import { HtmlText, html } from './html-text.ts'
import { timelineSvg } from './html-timeline.ts'

export interface HtmlReportInput {
  report: RunReport
  timeline: Timeline
  /** of its page in the portal */
  url: string
  madeAt: Date
}

/** The report as one file that opens from a disk as well: no script, nothing loaded, every word of it text. */
export function htmlReport({ report, timeline, url, madeAt }: HtmlReportInput): string {
  const { run } = report
  const start = Date.parse(run.startedAt ?? run.createdAt)
  return html`${new HtmlText('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${run.workflow}: ${run.verdict}, ${run.createdAt}</title>
<style>${new HtmlText(STYLE)}</style>
</head>
<body>
<header>
<h1>${run.workflow} <span class="${run.verdict}">${resultOf(report)}</span></h1>
<p class="lead">${report.headline}</p>
${note(report.decision === null ? null : `Decided: ${report.decision}`)}
${note(report.stop === null ? null : `Stopped by ${report.stop.askedBy}: ${report.stop.reason}`)}
${note(run.reason)}
</header>
<section><dl>${facts(report).map(([term, value, tone]) => html`<div><dt>${term}</dt><dd class="${tone}">${value}</dd></div>`)}</dl></section>
${timeline.groups.length === 0 ? null : html`<section><h2>Timeline</h2>${timelineSvg(timeline)}</section>`}
<section><h2>Steps</h2>${stepTable(report.steps)}</section>
${report.steps.some(({ fault }) => fault !== null) ? html`<section><h2>Faults and probes</h2>${report.steps.map((step) => faultPart(step, start))}</section>` : null}
<footer>
${report.complete ? null : html`<p class="quiet">The agent reported more than a report holds; the rest is in Faultline.</p>`}
<p class="quiet">Run ${run.id} of project ${report.project}: <a href="${url}">${url}</a>. Written by Faultline, ${madeAt.toISOString()}.</p>
</footer>
</body>
</html>
`.text
}

function resultOf({ run }: RunReport): string {
  return run.phase === 'completed' ? run.verdict : run.phase
}

function note(text: string | null): HtmlText | null {
  return text === null ? null : html`<p class="lead">${text}</p>`
}

/** term, value, tone */
function facts({ run, formula, seconds, parameters }: RunReport): [string, string, string][] {
  return [
    ['Verdict', run.verdict, run.verdict],
    ['Resilience score', run.score === null ? 'not applicable' : String(run.score), ''],
    ...(formula === null ? [] : [['Formula', formula, ''] as [string, string, string]]),
    ['Recovery', run.recovery ?? 'not needed', run.recovery ?? ''],
    ['Took', seconds === null ? 'not ended' : durationText(seconds * 1000), ''],
    ['Started', run.startedAt ?? 'not yet', ''],
    ['Revision', `${run.revision}${run.commit === null ? '' : ` (commit ${run.commit.slice(0, 12)})`}`, ''],
    ['Infrastructure', run.infrastructure.name, ''],
    ...Object.entries(parameters).map(([name, value]): [string, string, string] => [`Parameter ${name}`, value, ''])
  ]
}

function stepTable(steps: readonly ReportStep[]): HtmlText {
  return html`<table><thead><tr><th>Step</th><th>Phase</th><th>Verdict</th><th>Recovery</th><th>Probes passed</th><th>Took</th></tr></thead><tbody>${steps.map(
    (
      step
    ) => html`<tr><td>${step.step}${step.reason === null ? null : html`<div class="quiet">${step.reason}</div>`}</td>
<td class="${step.phase}">${step.phase}</td><td class="${step.verdict}">${step.verdict}</td><td class="${step.recovery ?? ''}">${step.recovery ?? '–'}</td>
<td>${step.probeSuccess === null ? '–' : `${Math.round(step.probeSuccess)} %`}</td><td>${step.seconds === null ? '–' : durationText(step.seconds * 1000)}</td></tr>`
  )}</tbody></table>`
}

function faultPart({ step, fault }: ReportStep, start: number): HtmlText {
  if (fault === null) return html``
  const words = attemptWords(fault, fault.attempt)
  const counts = words === null ? '' : `; what counts is ${words}`
  return html`<div class="step"><h3>${step}</h3>
<p class="quiet">${fault.name}${fault.targets.length === 0 ? '' : ` on ${fault.targets.join(', ')}`}${counts}</p>
${fault.probes.map((probe) => probePart(probe, start))}
${fault.injections.map((injection) => injectionPart(injection, attemptWords(fault, injection.attempt), start))}</div>`
}

function probePart(probe: ReportProbe, start: number): HtmlText {
  const { name, type, mode, verdict, checks, failed, evidence, failures } = probe
  return html`<p><strong>${name}</strong> <span class="${verdict}">${verdict}</span> <span class="quiet">${type}, ${mode}, ${checks - failed} of ${checks} checks passed</span></p>
${failures.length === 0 && evidence !== null ? html`<p class="quiet"><code>${evidence}</code></p>` : null}
${failures.map((failure) => html`<p class="failure">${offset(failure.at, start)} <code>${failure.evidence}</code></p>`)}
${failed > failures.length ? html`<p class="quiet">and ${failed - failures.length} more</p>` : null}`
}

function injectionPart({ target, stages }: ReportInjection, attempt: string | null, start: number): HtmlText {
  return html`<p>Injection on <strong>${target}</strong>${attempt === null ? '' : `, ${attempt}`}</p>
<ol>${stages.map(({ stage, at, evidence }) => html`<li class="${stage}">${offset(at, start)} ${stage}${evidence === '' ? '' : ': '}<code>${evidence}</code></li>`)}</ol>`
}

function offset(at: string, start: number): string {
  return offsetText(Date.parse(at) - start)
}
