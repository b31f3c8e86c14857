import { Button, Group, PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { newSecret } from './new-secret.ts';

export interface SecretFieldProps {
  value: string;
  onChange: (secret: string) => void;
  error?: ReactNode;
}

/** The key that requests are signed with; a random one is a click away. */
export function SecretField({ value, onChange, error }: SecretFieldProps) {
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <PasswordInput
        label="Secret"
        description="Requests are signed with it; blank: they are not."
        autoComplete="off"
        flex={1}
        value={value}
        error={error}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <Button variant="default" onClick={() => onChange(newSecret())}>
        New
      </Button>
    </Group>
  );
}
