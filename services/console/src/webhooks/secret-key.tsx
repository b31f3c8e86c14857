import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeWebhook, type Webhook } from '../api/webhooks.ts';
import { Copy } from '../parts/copy.tsx';
import { Failure } from '../parts/failure.tsx';
import { newSecret } from './new-secret.ts';

/** The key that requests are signed with, hidden until it is asked for, and changing it without losing a delivery. */
export function SecretKey({ webhook }: { webhook: Webhook }) {
  const [shown, setShown] = useState(false);
  const client = useQueryClient();
  const id = String(webhook.id);
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => changeWebhook(id, { secret_key: newSecret() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhook', id] }),
  });
  const { secret_key: secret } = webhook;
  return (
    <Stack gap="xs" mt="lg" component="section" aria-label="Secret">
      <Title order={2}>Secret</Title>
      <Failure error={error} />
      <Group gap="xs">
        <span className="mono secret">
          {secret ? (shown ? secret : '••••••••••••') : 'none: requests are not signed'}
        </span>
        {secret && (
          <>
            <Button variant="default" onClick={() => setShown(!shown)} aria-expanded={shown}>
              {shown ? 'Hide' : 'Show'}
            </Button>
            <Copy text={secret} />
          </>
        )}
        <Button variant="default" onClick={() => mutate()} loading={isPending}>
          {secret ? 'Rotate' : 'Make one'}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {isSuccess
          ? 'There is a new secret. For 24 hours requests are signed with the one before as well: give the new one to the partner within that time.'
          : 'After a rotation both secrets sign for 24 hours.'}
      </Text>
    </Stack>
  );
}
