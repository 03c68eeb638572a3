import { useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Leads to the sign-in page, once: while it does, the address changes already, and must not be taken for the wanted one. */
export function ToLogin() {
  const router = useRouter()
  const navigate = useNavigate()
  useEffect(() => {
    const { href, pathname } = router.latestLocation
    if (pathname !== '/login')
      void navigate({ to: '/login', search: href === '/' ? {} : { next: href }, replace: true })
  }, [router, navigate])
  return null
}
