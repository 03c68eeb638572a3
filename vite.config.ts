import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where the API answers while the portal is developed: `npx vite -- --api 8484`. */
function apiPort(argv: readonly string[]): string {
  const at = argv.indexOf('--api')
  return (at === -1 ? undefined : argv[at + 1]) ?? '8484'
}

export default defineConfig({
  root: 'src/portal',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: `http://127.0.0.1:${apiPort(process.argv)}`, changeOrigin: true } }
  },
  build: {
    outDir: '../../dist/portal',
    emptyOutDir: true,
    target: 'es2023',
    // inlined assets would be data: URLs that the content security policy refuses for fonts and scripts
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900
  }
})
