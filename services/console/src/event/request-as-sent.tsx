import { Group, Switch, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Attempt, WebhookEvent } from '../api/events.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Copy } from '../parts/copy.tsx';
import { curlOf, sentRequest, type Header } from './sent-request.ts';
import { SignatureCheck } from './signature-check.tsx';

const MASK = '••••••';

/** The latest request: headers, body, and whether a signature fits it. */
export function RequestAsSent({
  event,
  latest,
}: {
  event: WebhookEvent & { body: string };
  latest: Attempt | undefined;
}) {
  const [shown, setShown] = useState(false);
  const number = latest?.number ?? 1;
  const { data: request } = useQuery({
    queryKey: ['request', event.uuid, event.modified_date, event.webhook.modified_date, number],
    queryFn: () =>
      sentRequest(
        event,
        latest ?? { number, request_datetime: event.request_datetimes[0] ?? event.created_date },
      ),
    staleTime: Infinity,
  });
  if (!request) return null;
  const mask = ({ value, secret }: Header) => (secret && !shown ? MASK : value);
  const hasSecrets = request.headers.some(({ secret }) => secret);
  return (
    <>
      <Group justify="space-between" mt="lg" mb={4}>
        <Title order={2}>Request of attempt {number}</Title>
        <Group gap="xs">
          {hasSecrets && (
            <Switch
              label="Show secrets"
              checked={shown}
              onChange={({ currentTarget }) => setShown(currentTarget.checked)}
            />
          )}
          <Copy label="Copy as curl" text={curlOf(request, mask)} />
        </Group>
      </Group>
      <CodeBlock label="Request headers">
        {[`POST ${request.url}`, ...request.headers.map((header) => `${header.name}: ${mask(header)}`)].join(
          '\n',
        )}
      </CodeBlock>
      <Text size="xs" c="dimmed" my={4}>
        Headers are put together from the webhook as it is now; a change of it since then shows here.
      </Text>
      <Group justify="space-between" mt="sm" mb={4}>
        <Title order={3}>Body, byte for byte</Title>
        <Copy text={request.body} />
      </Group>
      <CodeBlock label="Request body">{request.body}</CodeBlock>
      <SignatureCheck body={request.body} secretKey={event.webhook.secret_key} />
    </>
  );
}
