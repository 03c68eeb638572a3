import { Button, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { CreatedInfrastructure } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Empty, Failed } from '../../ui/blank.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { AddInfrastructureDialog } from './add-infrastructure-dialog.tsx'
import { ConnectCard } from './connect-card.tsx'
import classes from './infrastructures.module.css'
import { PlaceCard } from './place-card.tsx'
import { usePlaces } from './queries.ts'

/** Where runs of the project may happen, and whether somebody is there. */
export function InfrastructuresPage() {
  const { manage } = useMay()
  const [adding, { open, close }] = useDisclosure(false)
  const [shown, setShown] = useState<CreatedInfrastructure | null>(null)
  const query = usePlaces(shown)
  const places = query.data?.items ?? []
  const awaited = places.find(({ id }) => id === shown?.infrastructure.id)
  const add = (
    <Button leftSection={<Icon name="plus" size={13} />} onClick={open}>
      Add infrastructure
    </Button>
  )
  return (
    <Page
      title="Infrastructures"
      lead="Where runs happen. An agent there takes them, does the harm, and undoes it."
      actions={manage && places.length > 0 ? add : null}
    >
      {shown ? (
        <ConnectCard
          created={shown}
          connected={(awaited?.connected && !awaited.awaited) ?? false}
          onClose={() => setShown(null)}
        />
      ) : null}
      {query.isPending ? <PlaceSkeletons /> : null}
      {query.isError ? (
        <Card flush>
          <Failed what="The infrastructures" error={query.error} onRetry={() => void query.refetch()} />
        </Card>
      ) : null}
      {query.data && places.length === 0 ? (
        <Card flush>
          <Empty title="No infrastructure yet" action={manage ? add : undefined}>
            An agent runs the faults where your workloads are. {manage ? 'Add' : 'An owner can add'} an infrastructure,
            and one command starts its agent.
          </Empty>
        </Card>
      ) : null}
      {places.length > 0 ? (
        <div className={classes.places}>
          {places.map((place) => (
            <PlaceCard key={place.id} place={place} onToken={setShown} />
          ))}
        </div>
      ) : null}
      <AddInfrastructureDialog opened={adding} onClose={close} onCreated={setShown} />
    </Page>
  )
}

function PlaceSkeletons() {
  return (
    <div className={classes.places} role="status" aria-label="Loading">
      {['first', 'second'].map((one) => (
        <div key={one} className={classes.place}>
          <Skeleton height={16} width="40%" />
          <Skeleton height={22} width={110} radius="xl" mt={16} />
          <Skeleton height={12} mt={18} />
          <Skeleton height={12} width="70%" mt={10} />
        </div>
      ))}
    </div>
  )
}
