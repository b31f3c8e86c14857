import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { testWebhook, type TestDelivery, type Webhook } from '../api/webhooks.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Failure } from '../parts/failure.tsx';
import { State } from '../parts/state.tsx';

/** Sends an example event and shows what the target answered. */
export function TestSend({ webhook }: { webhook: Webhook }) {
  const client = useQueryClient();
  const id = String(webhook.id);
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: () => testWebhook(id),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhook', id] }),
  });
  return (
    <Stack gap="xs" mt="lg" align="flex-start" component="section" aria-label="Test">
      <Title order={2}>Test</Title>
      <Text size="sm" c="dimmed">
        An example event, sent once, the way that all events go.
      </Text>
      <Button variant="default" onClick={() => mutate()} loading={isPending} disabled={!webhook.is_active}>
        Send a test event
      </Button>
      <Failure error={error} />
      <div role="status">{data && <Answered delivery={data} />}</div>
    </Stack>
  );
}

function Answered({ delivery }: { delivery: TestDelivery }) {
  const { state, response_http_status: status, error_kind: kind, duration_ms: ms, uuid } = delivery;
  return (
    <>
      <Text size="sm" mb={4}>
        <State of={state} /> · {kind === null ? `it answered ${status}` : `no answer (${kind})`} in {ms} ms ·{' '}
        <Anchor component={Link} to={`/events?q=${uuid}`} size="sm">
          the event
        </Anchor>
      </Text>
      {delivery.response_content !== '' && (
        <CodeBlock label="Response of the test">{delivery.response_content}</CodeBlock>
      )}
    </>
  );
}
