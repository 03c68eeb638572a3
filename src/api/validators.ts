import { AjvCompiler } from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

const OPTIONS = { removeAdditional: false, useDefaults: true, formats: { 'date-time': true } } as const

/** A text of an address is read as the number that it says; a JSON body is taken as it is: its null is no empty text. */
export function validators(): FastifySchemaCompiler<unknown> {
  const build = AjvCompiler()
  const ofAddress = build({}, { customOptions: { ...OPTIONS, coerceTypes: true } })
  const ofBody = build({}, { customOptions: { ...OPTIONS, coerceTypes: false } })
  return (route) => (route.httpPart === 'body' ? ofBody : ofAddress)(route)
}
