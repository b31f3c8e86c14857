import { Anchor, Table } from '@mantine/core';
import { useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import type { WebhookEvent } from '../api/events.ts';
import { Instant, Until } from '../parts/instant.tsx';
import { State } from '../parts/state.tsx';
import { useRowKeys } from '../parts/use-row-keys.ts';

/** Events as rows; on a narrow screen as few columns as tell what happened. */
export function EventTable({ events, label }: { events: WebhookEvent[]; label: string }) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  return (
    <Table className="rows" highlightOnHover aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>State</Table.Th>
          <Table.Th>Event</Table.Th>
          <Table.Th>Object</Table.Th>
          <Table.Th className="wide">Webhook</Table.Th>
          <Table.Th className="medium">Attempts</Table.Th>
          <Table.Th className="wide">Last answer</Table.Th>
          <Table.Th className="wide">Next attempt</Table.Th>
          <Table.Th className="medium">Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody ref={body}>
        {events.map((event) => (
          <Row key={event.id} event={event} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ event }: { event: WebhookEvent }) {
  const navigate = useNavigate();
  const path = `/events/${event.id}`;
  const { webhook, response_http_status: status, last_error: error } = event;
  return (
    <Table.Tr onClick={() => void navigate(path)}>
      <Table.Td>
        <State of={event.state} />
      </Table.Td>
      <Table.Td>
        <Anchor
          component={Link}
          to={path}
          data-row
          fz="sm"
          onClick={(click: React.MouseEvent) => click.stopPropagation()}
        >
          {event.request_payload.event.type}
        </Anchor>
      </Table.Td>
      <Table.Td className="mono">{event.object_id}</Table.Td>
      <Table.Td className="wide">{webhook.target_url.replace(/^https?:\/\//, '')}</Table.Td>
      <Table.Td className="medium">{event.retry_count ?? 0}</Table.Td>
      <Table.Td className="wide" title={error ?? ''}>
        {error ?? status ?? '–'}
      </Table.Td>
      <Table.Td className="wide">
        {event.next_attempt_at ? <Until at={event.next_attempt_at} /> : '–'}
      </Table.Td>
      <Table.Td className="medium">
        <Instant at={event.created_date} />
      </Table.Td>
    </Table.Tr>
  );
}
