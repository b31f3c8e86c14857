import { Button, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { resendEvent, type WebhookEvent } from '../api/events.ts';

/** Makes the event due at once, whatever its state. */
export function Resend({ event }: { event: WebhookEvent }) {
  const client = useQueryClient();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => resendEvent(event.uuid),
    onSuccess: () => client.invalidateQueries({ queryKey: ['event', String(event.id)] }),
  });
  const { is_active: isActive } = event.webhook;
  useHotkeys([['r', () => isActive && !isPending && mutate()]]);
  return (
    <>
      <Text size="sm" role="status" c={error ? 'var(--mantine-color-error)' : 'dimmed'}>
        {error ? error.message : isSuccess ? 'Queued again.' : !isActive ? 'Its webhook is not active.' : ''}
      </Text>
      <Button onClick={() => mutate()} loading={isPending} disabled={!isActive}>
        Resend
      </Button>
    </>
  );
}
