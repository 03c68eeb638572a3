import { useNavigate } from '@tanstack/react-router'
import { goToHostKey } from './host-key-fields.tsx'
import { HOST_KEY_PLACE, type Place } from './typed-settings.ts'

/** From a failed step of a test to where it is mended in the form. */
export function useGoTo(lookAtHost: () => void): (place: Place) => void {
  const navigate = useNavigate()
  return (place) => {
    if (place !== HOST_KEY_PLACE) return void navigate({ to: '.', hash: place, replace: true } as never)
    lookAtHost()
    goToHostKey()
  }
}
