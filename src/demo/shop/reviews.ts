import type { Handler } from './role.ts'

export const reviews: Handler = async () => ({ reviews: [{ product: 'geode', stars: 5, text: 'Rock solid.' }] })
