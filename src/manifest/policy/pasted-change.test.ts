import { expect, it } from 'vitest'
import { readPastedChange } from './pasted-change.ts'

const deployment = (name: string, container: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: 2
  template: {spec: {containers: [${container}]}}
`
const tools = { paths: ['spec.replicas', 'not(a'], hash: (text: string) => `#${text}` }
const read = (before: string, after: string) =>
  readPastedChange({ before, after, kind: 'changed', infrastructure: 'local' }, tools)

it('reads both sides as an agent would see them', () => {
  const result = read(
    deployment('cart', '{name: cart, image: "cart:v1"}'),
    deployment('cart', '{name: cart, image: "cart:v2"}')
  )
  expect(result.ok && [result.happening.before, result.happening.after].map(({ aspects }) => aspects.image)).toEqual([
    { cart: 'cart:v1' },
    { cart: 'cart:v2' }
  ])
  expect(result.ok && result.happening.after.aspects.path).toEqual({ 'spec.replicas': '2', 'not(a': 'null' })
})

it('takes placeholders as they are written: they mean nothing in a workload', () => {
  const args = (text: string) => deployment('cart', `{name: cart, args: ["${text}"]}`)
  const result = read(args('{{one}}'), args('{{two}}'))
  expect(result.ok && [result.happening.before.aspects.args, result.happening.after.aspects.args]).toEqual([
    { cart: '#["{{one}}"]' },
    { cart: '#["{{two}}"]' }
  ])
})

it('says which side is wrong, and where', () => {
  const good = deployment('cart', '{name: cart}')
  expect(read('kind: Deployment\nmetadata: {name: [', good)).toMatchObject({ ok: false, side: 'before' })
  expect(read(good, 'kind: Deployment\nmetadata: {}\n')).toMatchObject({
    side: 'after',
    problems: [{ message: 'metadata.name is missing.', line: 2 }]
  })
  expect(read(good, deployment('reviews', '{name: cart}'))).toMatchObject({
    side: 'after',
    problems: [
      {
        message:
          'This is shop/deployment/reviews, and what was before is shop/deployment/cart: a change is of one workload.'
      }
    ]
  })
})

it('has an answer for any shape', () => {
  for (const odd of [
    '[]',
    '7',
    'a: &a [*a]',
    'kind: 1\nmetadata: {name: {}}',
    `kind: A\nmetadata: {name: b}\nspec: ${'['.repeat(400)}`
  ])
    expect(read(odd, odd)).toMatchObject({ ok: false, side: 'before' })
  expect(
    read('kind: A\nmetadata: {name: b}\nspec: []', 'kind: A\nmetadata: {name: b}\nspec: {template: 3}')
  ).toMatchObject({
    ok: true
  })
})
