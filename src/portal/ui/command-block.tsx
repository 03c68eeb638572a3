import classes from './command-block.module.css'
import { Copy } from './copy.tsx'

/** Something to paste elsewhere, as it is, with Copy. */
export function CommandBlock({ text, what }: { text: string; what: string }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={what}>
        <pre>{text}</pre>
      </section>
      <Copy value={text} what={what} />
    </div>
  )
}
