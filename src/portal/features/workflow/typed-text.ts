import { useEffect, useState } from 'react'

interface Typed {
  /** the text that it was typed over */
  base: string
  text: string
}

interface TypedText {
  text: string
  setText: (text: string) => void
  dirty: boolean
  /** a newer text came in while this one was typed */
  stale: boolean
  /** the typed text follows the newer one from here on */
  rebase: (text: string) => void
}

/**
 * What is typed over `head`. A newer head replaces it only while nothing was typed; and what was typed outlives
 * the page, so that a session that ends, or a step aside, loses nothing.
 */
export function useTypedText(key: string, head: string): TypedText {
  const [typed, setTyped] = useState<Typed>(() => kept(key) ?? { base: head, text: head })
  const touched = typed.text !== typed.base
  const dirty = touched && typed.text !== head
  useEffect(() => {
    if (!dirty && typed.base !== head) setTyped({ base: head, text: head })
  }, [dirty, typed.base, head])
  useEffect(() => keep(key, dirty ? typed : null), [key, dirty, typed])
  return {
    text: typed.text,
    setText: (text) => setTyped(({ base }) => ({ base, text })),
    dirty,
    stale: dirty && typed.base !== head,
    rebase: (text) => setTyped({ base: head, text })
  }
}

function keep(key: string, typed: Typed | null): void {
  if (typed === null) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, JSON.stringify(typed))
}

function kept(key: string): Typed | null {
  const text = sessionStorage.getItem(key)
  return text === null ? null : (JSON.parse(text) as Typed)
}
