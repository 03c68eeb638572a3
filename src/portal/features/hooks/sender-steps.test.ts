import { expect, test } from 'vitest'
import { HOOK_KINDS } from '../../../domain/index.ts'
import { senderSteps } from './sender-steps.ts'

test.each(HOOK_KINDS)('%s: the text has the address of the hook where it needs it, and no other', (kind) => {
  const url = 'https://chaos.example.org/api/v1/hooks/start/01m8'
  const { text, steps } = senderSteps({ kind, url })
  expect(steps.length).toBeGreaterThan(1)
  expect(text).not.toContain('faultline.example.com')
  // who sends a CloudEvent takes the address from the environment
  expect(text).toContain(kind === 'cloudevents' ? '$FAULTLINE_HOOK_URL' : url)
})
