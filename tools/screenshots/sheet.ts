/** One page with all pictures, each in its schemes and sizes beside each other: for looking at them. */
export function sheet(names: readonly string[], looks: readonly string[]): string {
  const rows = names.map(
    (name) =>
      `<section><h2>${name}</h2>${looks.map((look) => `<img loading="lazy" src="${name}-${look}.png">`).join('')}</section>`
  )
  return `<!doctype html><meta charset="utf-8"><title>Faultline, every page</title>
<style>body{background:#8a8a8a;font:14px system-ui;margin:12px}section{display:flex;flex-wrap:wrap;gap:10px;align-items:flex-start}
h2{flex:1 0 100%;margin:18px 0 0}img{max-height:900px;max-width:46%}</style>
${rows.join('\n')}
`
}
