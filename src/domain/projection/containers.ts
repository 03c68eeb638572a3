import type { Fields } from '../aspects.ts'
import type { Container } from './pod-template.ts'
import { quantityText } from './quantity-text.ts'
import { at, canonical, textAt, treeAt, treesAt } from './tree.ts'

type Hash = (text: string) => string

export function images(containers: readonly Container[]): Fields {
  return fields(containers, ({ name, spec }) => {
    const image = textAt(spec, 'image')
    return image === undefined ? [] : [[name, image]]
  })
}

/** Values are told as hashes: they may be secrets. */
export function environment(containers: readonly Container[], hash: Hash): Fields {
  return fields(containers, ({ name, spec }) => {
    const named = treesAt(spec, 'env').flatMap((entry): [string, string][] => {
      const key = textAt(entry, 'name')
      return key === undefined ? [] : [[`${name}/${key}`, hash(canonical([entry.value, entry.valueFrom]))]]
    })
    const whole = treesAt(spec, 'envFrom').map((entry, index): [string, string] => [
      `${name}/envFrom[${index}]`,
      hash(canonical(entry))
    ])
    return [...named, ...whole]
  })
}

/** `command` or `args` */
export function argumentsOf(containers: readonly Container[], key: 'command' | 'args', hash: Hash): Fields {
  return fields(containers, ({ name, spec }) => (Array.isArray(spec[key]) ? [[name, hash(canonical(spec[key]))]] : []))
}

export function resources(containers: readonly Container[]): Fields {
  return fields(containers, ({ name, spec }) =>
    ['requests', 'limits'].flatMap((group) =>
      Object.entries(treeAt(spec, 'resources', group)).map(([resource, quantity]): [string, string] => [
        `${name}/${group}.${resource}`,
        quantityText(quantity)
      ])
    )
  )
}

const PROBES = ['liveness', 'readiness', 'startup'] as const

export function probes(containers: readonly Container[], hash: Hash): Fields {
  return fields(containers, ({ name, spec }) =>
    PROBES.flatMap((probe): [string, string][] => {
      const found = at(spec, `${probe}Probe`)
      return found === undefined || found === null ? [] : [[`${name}/${probe}`, hash(canonical(found))]]
    })
  )
}

export function mounts(containers: readonly Container[]): Fields {
  return fields(containers, ({ name, spec }) =>
    treesAt(spec, 'volumeMounts').flatMap((mount): [string, string][] => {
      const path = textAt(mount, 'mountPath')
      return path === undefined ? [] : [[`${name}${path}`, textAt(mount, 'name') ?? '']]
    })
  )
}

export function containerSecurity(containers: readonly Container[], hash: Hash): Fields {
  return fields(containers, ({ name, spec }) => {
    const found = at(spec, 'securityContext')
    return found === undefined || found === null ? [] : [[`${name}/securityContext`, hash(canonical(found))]]
  })
}

function fields(containers: readonly Container[], of: (container: Container) => [string, string][]): Fields {
  return Object.fromEntries(containers.flatMap(of))
}
