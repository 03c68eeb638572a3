import { Radio, Stack } from '@mantine/core'
import { ROLES, type Role } from '../../../domain/index.ts'

/** What a role may, in few words; the server's table of roles says all of it. */
export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Everything, also settings and members',
  executor: 'Edits workflows, starts and stops runs',
  viewer: 'Sees everything, changes nothing'
}

interface RoleFieldProps {
  value: Role
  onChange: (role: Role) => void
}

export function RoleField({ value, onChange }: RoleFieldProps) {
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange(role as Role)}>
      <Stack gap={8} mt={6}>
        {ROLES.map((role) => (
          <Radio key={role} value={role} label={role} description={ROLE_WORDS[role]} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
