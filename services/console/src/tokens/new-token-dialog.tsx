import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { ApiFailure } from '../api/api-failure.ts';
import { createToken } from '../api/tokens.ts';
import { Copy } from '../parts/copy.tsx';
import { Failure } from '../parts/failure.tsx';
import { rolesOf, type RoleDraft } from './role-draft.ts';
import { RoleFields } from './role-fields.tsx';

/** Makes a token for an account, and shows its key, which nobody can ever look up again. */
export function NewTokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [account, setAccount] = useState('');
  const [superuser, setSuperuser] = useState(false);
  const [roles, setRoles] = useState<RoleDraft[]>([]);
  const made = useMutation({
    mutationFn: () => createToken({ account: account.trim(), superuser, roles: rolesOf(roles) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const fields = made.error instanceof ApiFailure ? made.error.fields : {};
  const close = () => {
    made.reset();
    setAccount('');
    setSuperuser(false);
    setRoles([]);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="New token" closeButtonProps={{ 'aria-label': 'Close' }}>
      {made.data ? (
        <Alert variant="default" role="status" title="Keep it now: it is not shown again.">
          <Stack gap="xs">
            <Text className="mono" data-key>
              {made.data.token}
            </Text>
            <Group>
              <Copy text={made.data.token} />
              <Button onClick={close}>Done</Button>
            </Group>
          </Stack>
        </Alert>
      ) : (
        <form
          onSubmit={(event: SyntheticEvent) => {
            event.preventDefault();
            made.mutate();
          }}
        >
          <Stack gap="sm">
            <Failure error={made.error} />
            <TextInput
              label="Account"
              description="Tokens of one account share what it owns."
              data-autofocus
              required
              withAsterisk={false}
              value={account}
              onChange={({ currentTarget }) => setAccount(currentTarget.value)}
              error={fields.account}
            />
            <RoleFields roles={roles} onChange={setRoles} />
            <Checkbox
              label="Superuser: sees and changes everything"
              checked={superuser}
              onChange={({ currentTarget }) => setSuperuser(currentTarget.checked)}
            />
            <Button type="submit" loading={made.isPending}>
              Make the token
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
