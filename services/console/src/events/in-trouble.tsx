import { Anchor, Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listWebhooksInTrouble, type WebhookInTrouble } from '../api/webhooks.ts';
import { Ago } from '../parts/instant.tsx';
import { State } from '../parts/state.tsx';

const MOST_SHOWN = 8;

/** Which webhooks fail or were disabled, since when and why: the question of who is called at night, answered first. */
export function InTrouble() {
  const { data } = useQuery({
    queryKey: ['webhooks', 'in trouble'],
    queryFn: listWebhooksInTrouble,
    refetchInterval: 5000,
  });
  if (!data || data.results.length === 0) return null;
  const more = data.count - MOST_SHOWN;
  return (
    <Paper withBorder p="sm" mb="md" component="section" aria-label="Webhooks in trouble">
      <Table className="rows" withRowBorders={false} verticalSpacing={3}>
        <Table.Caption fz="xs" mt={0} ta="left">
          {more > 0 ? `and ${more} more` : ''}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>In trouble</Table.Th>
            <Table.Th>Webhook</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th className="medium">Why</Table.Th>
            <Table.Th className="medium">Its events</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.results.slice(0, MOST_SHOWN).map((webhook) => (
            <Row key={webhook.webhook} {...webhook} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Row(webhook: WebhookInTrouble) {
  const since = webhook.failing_since ?? webhook.last_attempt;
  return (
    <Table.Tr>
      <Table.Td>
        <State of={webhook.is_active ? 'failing' : 'disabled'} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/webhooks/${webhook.webhook}`} fz="sm">
          {webhook.target_url.replace(/^https?:\/\//, '')}
        </Anchor>{' '}
        <Text span size="sm" c="dimmed">
          {webhook.event_type}
        </Text>
      </Table.Td>
      <Table.Td>{since ? <Ago at={since} /> : '–'}</Table.Td>
      <Table.Td className="medium">
        {webhook.disabled_reason ?? webhook.last_error ?? `It answered ${webhook.response_http_status}.`}
      </Table.Td>
      <Table.Td className="medium">
        <Anchor component={Link} to={`/undelivered?webhook=${webhook.webhook}`} fz="sm">
          undelivered
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}
