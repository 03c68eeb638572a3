import { startPortal } from './frame/start.tsx'

const root = document.getElementById('root')
if (root !== null) startPortal(root)
