import { expect, test } from 'vitest'
import { layoutGraph, NODE } from './graph-layout.ts'

test('a step stands below what it needs, parallel steps stand side by side', () => {
  const { places } = layoutGraph(
    [
      { id: 'first', needs: [] },
      { id: 'left', needs: ['first'] },
      { id: 'right', needs: ['first'] },
      { id: 'last', needs: ['left', 'right'] }
    ],
    'down'
  )
  const y = (id: string) => places.get(id)?.y ?? Number.NaN
  expect(y('left')).toBeGreaterThanOrEqual(y('first') + NODE.height)
  expect(y('left')).toBe(y('right'))
  expect(y('last')).toBeGreaterThanOrEqual(y('left') + NODE.height)
})

test('sixty steps do not overlap, and all lie inside the extent', () => {
  const steps = Array.from({ length: 60 }, (_, n) => ({ id: `s${n}`, needs: n < 4 ? [] : [`s${n - 4}`] }))
  const { places, width, height } = layoutGraph(steps, 'right')
  const spots = [...places.values()]
  for (const [n, a] of spots.entries()) {
    expect(a.x + NODE.width).toBeLessThanOrEqual(width)
    expect(a.y + NODE.height).toBeLessThanOrEqual(height)
    for (const b of spots.slice(n + 1)) {
      const apart = Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height
      expect(apart).toBe(true)
    }
  }
})

test('a need that is not in the graph is left out', () => {
  expect(layoutGraph([{ id: 'only', needs: ['gone'] }], 'right').places.size).toBe(1)
})
