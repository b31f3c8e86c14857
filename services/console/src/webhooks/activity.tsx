import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changeWebhook, deleteWebhook, type Webhook } from '../api/webhooks.ts';

/** Switching a webhook off and on. Off, it takes its unfinished events with it, so that is asked about first. */
export function Activity({ webhook }: { webhook: Webhook }) {
  const id = String(webhook.id);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (action: 'activate' | 'deactivate' | 'delete') => {
      if (action === 'delete') await deleteWebhook(id);
      else await changeWebhook(id, { is_active: action === 'activate' });
    },
    onSuccess: () =>
      Promise.all([['webhook', id], ['webhooks']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const ask = (action: 'deactivate' | 'delete') => {
    const words = `Its events that have not arrived yet are cancelled. ${action === 'delete' ? 'Delete' : 'Deactivate'} it?`;
    if (confirm(words)) mutate(action);
  };
  return (
    <>
      {error && (
        <Text size="sm" role="alert" c="var(--mantine-color-error)">
          {error.message}
        </Text>
      )}
      {webhook.is_active ? (
        <>
          <Button variant="default" loading={isPending} onClick={() => ask('deactivate')}>
            Deactivate
          </Button>
          <Button variant="default" loading={isPending} onClick={() => ask('delete')}>
            Delete
          </Button>
        </>
      ) : (
        <Button loading={isPending} onClick={() => mutate('activate')}>
          Activate
        </Button>
      )}
    </>
  );
}
