import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Path of a file of ours that is run as a process of its own: `.ts` in a checkout, `.js` where the product is compiled. */
export function programFile(name: string, besideUrl: string): string {
  return fileURLToPath(new URL(`${name}${extname(fileURLToPath(besideUrl))}`, besideUrl))
}
