import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { changeRoles, type Token } from '../api/tokens.ts';
import { Failure } from '../parts/failure.tsx';
import { draftOf, rolesOf } from './role-draft.ts';
import { RoleFields } from './role-fields.tsx';

/** Changes the roles of a token, at once for all that it is used for. Drawn anew for each token. */
export function RolesDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const client = useQueryClient();
  const [roles, setRoles] = useState(() => token.roles.map(draftOf));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => changeRoles(token.id, rolesOf(roles)),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['tokens'] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Roles of token ${token.id} of ${token.account}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="sm">
          <Failure error={error} />
          <RoleFields roles={roles} onChange={setRoles} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
