import { CloseButton, Loader } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type KeyboardEvent, useId, useState } from 'react'
import { messageOf } from '../../client/problem-error.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Followup, useActions, usePages } from './actions.ts'
import { useFound } from './found.ts'
import { fitting, grouped, type Offer } from './offer.ts'
import { OfferList } from './offer-list.tsx'
import classes from './palette.module.css'

const PAUSE_MS = 120

interface PaletteSearchProps {
  onClose: () => void
  onFollowup: (followup: Followup) => void
}

/** The field and what fits; arrows choose, Enter does, Escape leaves. */
export function PaletteSearch({ onClose, onFollowup }: PaletteSearchProps) {
  const [typed, setTyped] = useState('')
  // by its key: what the server still finds moves the others
  const [chosen, setChosen] = useState<string | null>(null)
  const id = useId()
  const { groups, searching, error } = useOffers(typed, onFollowup)
  const offers = groups.flatMap((group) => group.offers)
  const active =
    offers.length === 0
      ? -1
      : Math.max(
          0,
          offers.findIndex(({ key }) => key === chosen)
        )
  const point = (place: number) => setChosen(offers[place]?.key ?? null)
  const choose = (offer: Offer | undefined) => {
    if (offer === undefined) return
    onClose()
    offer.choose()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepped(event.key, active, offers.length)
    if (next === null && event.key !== 'Enter') return
    event.preventDefault()
    if (next === null) choose(offers[active])
    else point(next)
  }
  return (
    <>
      <Field
        list={id}
        active={active}
        typed={typed}
        searching={searching}
        onKeyDown={onKeyDown}
        onType={(text) => {
          setTyped(text)
          setChosen(null)
        }}
        onClose={onClose}
      />
      <OfferList id={id} groups={groups} active={active} onActive={point} onChoose={choose} />
      <Said typed={typed} searching={searching} error={error} count={offers.length} />
    </>
  )
}

interface FieldProps {
  /** id of the list that it steers */
  list: string
  active: number
  typed: string
  searching: boolean
  onKeyDown: (event: KeyboardEvent) => void
  onType: (text: string) => void
  onClose: () => void
}

function Field({ list, active, typed, searching, onKeyDown, onType, onClose }: FieldProps) {
  return (
    <div className={classes.field}>
      <Icon name="search" />
      <input
        data-autofocus
        role="combobox"
        aria-label="Search and commands"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={active < 0 ? undefined : `${list}-${active}`}
        placeholder="A workflow, run, page or command"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={typed}
        onKeyDown={onKeyDown}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      {searching ? <Loader size={14} aria-hidden="true" /> : null}
      <CloseButton aria-label="Close" onClick={onClose} />
    </div>
  )
}

function useOffers(typed: string, onFollowup: (followup: Followup) => void) {
  const [settled] = useDebouncedValue(typed, PAUSE_MS)
  const pages = usePages()
  const actions = useActions(onFollowup)
  const { offers, searching, error } = useFound(settled, onFollowup)
  // with nothing typed, "Run …" of each workflow would hide the actions that have no page
  const found = typed.trim() === '' ? offers.filter(({ group }) => group !== 'Actions') : offers
  return {
    groups: grouped(fitting([...actions, ...pages, ...found], typed)),
    searching: searching || settled !== typed,
    error
  }
}

/** Where a key leads; null: it is no key of the list. */
function stepped(key: string, at: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowUp') return (at - 1 + count) % count
  if (key === 'PageDown') return count - 1
  if (key === 'PageUp') return 0
  return null
}

/** For eyes and for screen readers: how much fits, or why nothing does. */
function Said({
  typed,
  searching,
  error,
  count
}: {
  typed: string
  searching: boolean
  error: Error | null
  count: number
}) {
  const nothing = count === 0 && !searching
  return (
    <output className={classes.said}>
      {error ? <p>Not everything could be searched: {messageOf(error)}</p> : null}
      {nothing ? <p>Nothing fits "{typed}". Workflows are found by name and path, runs by workflow and id.</p> : null}
      {nothing ? null : <span className="visually-hidden">{count} fit</span>}
    </output>
  )
}
