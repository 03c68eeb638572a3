import type { NodeReader } from './node-reader.ts'

/** One round of a loop: values by name, of a plain item by the empty name; `label` tells it apart. */
export interface Item {
  label: string
  values: ReadonlyMap<string, string>
}

const LONGEST_LABEL = 40

/** Argo's `withItems` written out; null where there is none. */
export function readItems(list: NodeReader, fillText: (text: string) => string): Item[] | null {
  if (list.missing) return null
  return list.items().map((item, index) => {
    const values = item.isMap
      ? new Map(item.keys().map((key) => [key, fillText(item.at(key).text() ?? '')]))
      : new Map([['', fillText(item.text() ?? '')]])
    const text = [...values].map(([key, value]) => (key === '' ? value : `${key}:${value}`)).join(',')
    return { label: `(${index}:${text.slice(0, LONGEST_LABEL)})`, values }
  })
}

/** `{{item}}` and `{{item.key}}`; null for other placeholders. */
export function itemValue(expression: string, item: Item | null): string | undefined | null {
  const match = /^item(?:\.([\w-]+))?$/.exec(expression)
  return match === null ? null : item?.values.get(match[1] ?? '')
}
