import { Fieldset, NativeSelect, PasswordInput, TextInput } from '@mantine/core';

/** While it is being written. */
type Auth = { auth_type: string; [field: string]: unknown };

/** What each kind of authorization asks for; the passwords among it are hidden. */
const FIELDS: Record<string, { name: string; label: string; secret?: true }[]> = {
  basic: [
    { name: 'username', label: 'User name' },
    { name: 'password', label: 'Password', secret: true },
  ],
  bearer: [{ name: 'token', label: 'Token', secret: true }],
  token: [
    { name: 'url', label: 'URL of the token service' },
    { name: 'username', label: 'User name' },
    { name: 'password', label: 'Password', secret: true },
  ],
};

export interface AuthFieldsProps {
  auth: Auth | null;
  onChange: (auth: Auth | null) => void;
}

/** How requests are authorized at the target. */
export function AuthFields({ auth, onChange }: AuthFieldsProps) {
  const type = auth?.auth_type ?? '';
  return (
    <Fieldset legend="Authorization" p="xs">
      <NativeSelect
        aria-label="Kind of authorization"
        value={type}
        onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : { auth_type: value })}
        data={[
          { value: '', label: 'none' },
          { value: 'basic', label: 'user name and password' },
          { value: 'bearer', label: 'bearer token' },
          { value: 'token', label: 'token of a token service' },
        ]}
      />
      {(FIELDS[type] ?? []).map(({ name, label, secret }) => {
        const Field = secret ? PasswordInput : TextInput;
        const given = auth?.[name];
        return (
          <Field
            key={name}
            label={label}
            mt="xs"
            autoComplete="off"
            required
            withAsterisk={false}
            value={typeof given === 'string' ? given : ''}
            onChange={({ currentTarget }: { currentTarget: HTMLInputElement }) =>
              onChange({ ...auth, auth_type: type, [name]: currentTarget.value })
            }
          />
        );
      })}
    </Fieldset>
  );
}
