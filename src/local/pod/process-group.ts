import { readdir, readFile } from 'node:fs/promises'

const STOPPED = new Set(['T', 't', 'Z', 'X'])

/** Whether all processes of a group are stopped, as the process table says; null = there is none to ask. */
export async function isGroupStopped(group: number): Promise<boolean | null> {
  const entries = await readdir('/proc').catch(() => [])
  const states = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map((pid) => stateIn(pid, group)))
  const members = states.filter((state) => state !== null)
  return members.length === 0 ? null : members.every((state) => STOPPED.has(state))
}

/** its state, if it is one of the group */
async function stateIn(pid: string, group: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  // the name in brackets may hold blanks and brackets itself
  const [state = '', , pgrp] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return Number(pgrp) === group ? state : null
}
