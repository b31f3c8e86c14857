import { Table, Text } from '@mantine/core';
import type { WebhookStats, WindowFigures } from '../api/webhooks.ts';
import { durationWords } from '../parts/durations.ts';
import { Ago } from '../parts/instant.tsx';
import { State } from '../parts/state.tsx';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** How the webhook has been doing for an hour and a day, and what waits for it. */
export function Health({ stats }: { stats: WebhookStats }) {
  const { failing_since: since, backlog, last_delivered: delivered } = stats;
  const { last_hour: hour, last_24_hours: day } = stats;
  const row = (name: string, figure: (figures: WindowFigures) => string) => (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {name}
      </Table.Th>
      <Table.Td>{figure(hour)}</Table.Td>
      <Table.Td>{figure(day)}</Table.Td>
    </Table.Tr>
  );
  return (
    <>
      <Text mb="xs">
        {!stats.is_active ? (
          <State of="inactive" />
        ) : since ? (
          <>
            <State of="failing" /> since <Ago at={since} />
          </>
        ) : (
          <State of="well" />
        )}
        {delivered && (
          <>
            {' · delivered last '}
            <Ago at={delivered} />
          </>
        )}
        {` · ${backlog.at_least ? 'more than ' : ''}${backlog.events.toLocaleString('en')} waiting`}
        {backlog.oldest_due_seconds > 1 &&
          `, the oldest due for ${durationWords(backlog.oldest_due_seconds)}`}
      </Text>
      <Table aria-label="Figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attempts</Table.Th>
            <Table.Th>last hour</Table.Th>
            <Table.Th>last 24 hours</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {row('number', ({ attempts }) => attempts.toLocaleString('en'))}
          {row('delivered', ({ success_share }) => percent(success_share))}
          {row('a minute', ({ attempts_per_minute }) => String(attempts_per_minute))}
          {row('p50, p95, p99', ({ duration_ms: ms }) => (ms ? `${ms.p50}, ${ms.p95}, ${ms.p99} ms` : '–'))}
        </Table.Tbody>
      </Table>
      {(hour.sampled || day.sampled) && (
        <Text size="xs" c="dimmed">
          It is busy: its latest 10,000 attempts stand for the time.
        </Text>
      )}
    </>
  );
}
