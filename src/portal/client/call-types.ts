import type { Static, TSchema } from 'typebox'
import type { ROUTES } from '../../contract/index.ts'

type Routes = typeof ROUTES
type RouteId = keyof Routes

/** `GET /projects/:project/overview`: every route of the contract by method and path, so that no schema reaches the browser. */
export type Call = { [I in RouteId]: `${Routes[I]['method']} ${Routes[I]['path']}` }[RouteId]

export type RouteOf<C extends Call> = {
  [I in RouteId]: C extends `${Routes[I]['method']} ${Routes[I]['path']}` ? Routes[I] : never
}[RouteId]

type ParamName<P extends string> = P extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | ParamName<More>
    : Rest
  : never

type PathOf<C extends Call> = RouteOf<C>['path']

type Params<C extends Call> = [ParamName<PathOf<C>>] extends [never]
  ? { params?: never }
  : { params: Record<ParamName<PathOf<C>>, string> }

type Loose<T> = { [K in keyof T]: T[K] | undefined }

type Query<C extends Call> =
  RouteOf<C> extends { query: infer Q extends TSchema } ? { query?: Loose<Static<Q>> } : { query?: never }

type Body<C extends Call> =
  RouteOf<C> extends { body: infer B }
    ? { body: B extends 'yaml' ? string : B extends TSchema ? Static<B> : never }
    : { body?: never }

export type CallOptions<C extends Call> = Params<C> &
  Query<C> &
  Body<C> & { ifMatch?: string; signal?: AbortSignal | undefined }

type Response<R> = R extends 'yaml' | 'html' | 'xml'
  ? string
  : R extends null
    ? null
    : R extends TSchema
      ? Static<R>
      : never

export type Answer<C extends Call> = Response<RouteOf<C>['response']>
