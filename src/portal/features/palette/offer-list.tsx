import { useEffect, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import type { Offer } from './offer.ts'
import classes from './palette.module.css'

interface OfferListProps {
  id: string
  groups: readonly { group: Offer['group']; offers: readonly Offer[] }[]
  /** place among the offers of all groups; -1 = there is none */
  active: number
  onActive: (place: number) => void
  onChoose: (offer: Offer) => void
}

/** The focus stays in the field; the list says through it which option is meant. */
export function OfferList({ id, groups, active, onActive, onChoose }: OfferListProps) {
  const places = new Map(groups.flatMap(({ offers }) => offers).map((offer, place) => [offer.key, place]))
  return (
    <div id={id} role="listbox" aria-label="What fits" className={classes.offers}>
      {groups.map(({ group, offers }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list of options
        <div key={group} role="group" aria-label={group}>
          <div className={classes.group} aria-hidden="true">
            {group}
          </div>
          {offers.map((offer) => {
            const place = places.get(offer.key) ?? -1
            return (
              <Option
                key={offer.key}
                id={`${id}-${place}`}
                offer={offer}
                active={place === active}
                onPoint={() => onActive(place)}
                onChoose={() => onChoose(offer)}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}

interface OptionProps {
  id: string
  offer: Offer
  active: boolean
  onPoint: () => void
  onChoose: () => void
}

function Option({ id, offer: { icon, label, detail }, active, onPoint, onChoose }: OptionProps) {
  const own = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) own.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does the same
    <div
      ref={own}
      id={id}
      role="option"
      aria-selected={active}
      className={classes.offer}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
    >
      <Icon name={icon} size={15} />
      <span className={classes.label}>{label}</span>
      {detail ? <span className={classes.detail}>{detail}</span> : null}
    </div>
  )
}
