import { Button, Fieldset, Group, Text, TextInput } from '@mantine/core';
import type { RoleDraft } from './role-draft.ts';

export interface RoleFieldsProps {
  roles: RoleDraft[];
  onChange: (roles: RoleDraft[]) => void;
}

/** Roles, and what each may do. */
export function RoleFields({ roles, onChange }: RoleFieldsProps) {
  const put = (index: number, changes: Partial<RoleDraft>) =>
    onChange(roles.map((role, other) => (other === index ? { ...role, ...changes } : role)));
  return (
    <Fieldset legend="Roles" p="xs">
      <Text size="xs" c="dimmed" mb="xs">
        Whoever subscribes to a published event needs a role with all permissions that its app asks for.
      </Text>
      {roles.map(({ name, permissions }, index) => (
        // A role has no identity but its place.
        <Group key={index} gap="xs" mb="xs">
          <TextInput
            aria-label={`Name of role ${index + 1}`}
            placeholder="reader"
            flex={1}
            miw="7rem"
            value={name}
            onChange={({ currentTarget }) => put(index, { name: currentTarget.value })}
          />
          <TextInput
            aria-label={`Permissions of role ${index + 1}, divided by commas`}
            placeholder="get-users, get-user-details"
            flex={2}
            miw="11rem"
            value={permissions}
            onChange={({ currentTarget }) => put(index, { permissions: currentTarget.value })}
          />
          <Button
            variant="subtle"
            px="xs"
            aria-label={`Remove role ${index + 1}`}
            onClick={() => onChange(roles.toSpliced(index, 1))}
          >
            Remove
          </Button>
        </Group>
      ))}
      <Button variant="default" onClick={() => onChange([...roles, { name: '', permissions: '' }])}>
        Add a role
      </Button>
    </Fieldset>
  );
}
