import { Modal } from '@mantine/core'
import { useMounted } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import { EngageDialog, useMayEngage } from '../../frame/kill-switch.tsx'
import { useWorkflow } from '../workflow/queries.ts'
import type { Followup } from './actions.ts'
import { PaletteSearch } from './palette-search.tsx'

/** with the reader of manifests */
const RunDialog = lazy(() => import('../workflow/run-dialog.tsx').then((part) => ({ default: part.RunDialog })))

/** Search and commands of the whole portal, by keyboard. What is chosen may ask on in a dialog of its own. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [followup, setFollowup] = useState<Followup | null>(null)
  const { here } = useMayEngage()
  // opened as an update, not with the mount: only then the modal knows whom to give the focus back to
  const mounted = useMounted()
  const done = () => setFollowup(null)
  return (
    <>
      <Modal.Root opened={opened && mounted} onClose={onClose} size={620} yOffset="12vh" lockScroll={false}>
        <Modal.Overlay backgroundOpacity={0.45} />
        <Modal.Content aria-label="Search and commands" radius="md">
          <Modal.Body p={0}>
            <PaletteSearch onClose={onClose} onFollowup={setFollowup} />
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
      <EngageDialog opened={followup?.kind === 'kill-switch'} here={here} onClose={done} />
      {followup?.kind === 'run' ? <RunOf name={followup.workflow} onClose={done} /> : null}
    </>
  )
}

function RunOf({ name, onClose }: { name: string; onClose: () => void }) {
  const { data } = useWorkflow(name)
  return <Suspense>{data ? <RunDialog workflow={data} onClose={onClose} /> : null}</Suspense>
}
