import type { Handler } from './role.ts'

const PRODUCTS = [
  { id: 'seismograph', name: 'Desk seismograph', price: 89 },
  { id: 'strata', name: 'Strata print', price: 24 },
  { id: 'geode', name: 'Agate geode', price: 39 }
]

export const catalog: Handler = async (_path, { pod }) => ({ products: PRODUCTS, servedBy: pod })
