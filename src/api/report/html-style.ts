import { createHash } from 'node:crypto'

/** The only style of a report. Nothing is loaded: fonts are the reader's. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f7f6f3;--surface:#fff;--line:#e4e1da;--ink:#1c1e22;--soft:#4d5057;--quiet:#666970;
--harm:#4a4f5c;--pass:#166a38;--pass-solid:#2b9a57;--fail:#a5211a;--fail-soft:#fbe8e5;--fail-solid:#d2382e;--wait:#7a5000;--idle-soft:#eceae5}
@media (prefers-color-scheme:dark){:root{--page:#121417;--surface:#191c20;--line:#2a2e34;--ink:#e9e8e4;--soft:#c6c7c9;--quiet:#a3a7ae;
--harm:#9aa1b2;--pass:#6fd392;--pass-solid:#3fae6a;--fail:#ff9d92;--fail-soft:#3a1d1b;--fail-solid:#e5594e;--wait:#e2b45a;--idle-soft:#2a2e34}}
*{box-sizing:border-box}
body{background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;margin:0 auto;max-width:1100px;padding:28px 24px 48px}
h1{font-size:1.5rem;letter-spacing:-.012em;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 10px}
h3{font-size:.95rem;margin:0;overflow-wrap:anywhere}
a{color:inherit}
p{margin:.3em 0;overflow-wrap:anywhere}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;margin-top:18px;padding:16px 18px}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere;white-space:pre-wrap}
.lead{color:var(--soft)}
.quiet{color:var(--quiet);font-size:.87rem}
dl{display:grid;gap:10px 28px;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));margin:0}
dt{color:var(--quiet);font-size:.8rem}
dd{font-weight:600;margin:0;overflow-wrap:anywhere}
.pass{color:var(--pass)}.fail,.error,.leaked,.timeout{color:var(--fail)}.drifted,.stopped,.awaited{color:var(--wait)}
table{border-collapse:collapse;width:100%}
th{color:var(--quiet);font-size:.8rem;font-weight:550;text-align:left}
th,td{border-bottom:1px solid var(--line);padding:7px 10px 7px 0;vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
.step{border-top:1px solid var(--line);padding:14px 0}
.step:first-of-type{border-top:0;padding-top:0}
.failure{background:var(--fail-soft);border-left:3px solid var(--fail-solid);margin:8px 0;padding:6px 12px}
ol{margin:6px 0;padding-left:20px}
svg{display:block;height:auto;width:100%}
svg text{fill:var(--quiet);font-size:11px}
svg .label{fill:var(--ink);font-size:12px}
svg .tick{stroke:var(--line)}svg .retry{stroke:var(--ink);stroke-width:2}
svg .step-span{fill:var(--idle-soft)}
svg .harm{fill:var(--harm)}svg .recovery{fill:var(--harm);opacity:.45}
svg .passed{fill:var(--pass-solid)}svg .failed{fill:var(--fail-solid)}
@media (max-width:600px){body{padding:16px 14px 32px}}
@media print{:root{color-scheme:light}body{font-size:11pt;max-width:none;padding:0}section{border:0;border-top:1px solid #bbb;border-radius:0;padding:12px 0}.step,.failure,tr,svg{break-inside:avoid}}
`

/** Nothing but this style: no script, no image, no frame, no form, wherever the file is opened. */
export const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`
