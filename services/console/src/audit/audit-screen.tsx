import { Code, Group, NativeSelect, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { listAuditEntries, type AuditEntry } from '../api/audit.ts';
import { FilterField } from '../events/filter-field.tsx';
import { Answer } from '../parts/answer.tsx';
import { Instant } from '../parts/instant.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Pager } from '../parts/pager.tsx';

const PAGE_SIZE = 50;
const ACTIONS = ['create', 'update', 'delete', 'revive', 'disable', 'revoke'];
const OBJECTS = [
  'webhook',
  'token',
  'publisher_app',
  'published_event',
  'subscription',
  'event_type',
  'resend_task',
];

/** Who changed what, and when. */
export function Component() {
  const [query, setQuery] = useSearchParams();
  const parameters = new URLSearchParams(query);
  parameters.set('page_size', String(PAGE_SIZE));
  const entries = useQuery({
    queryKey: ['audit', parameters.toString()],
    queryFn: () => listAuditEntries(parameters),
    placeholderData: keepPreviousData,
  });
  const set = (name: string, value: string) =>
    setQuery((previous) => {
      if (value === '') previous.delete(name);
      else previous.set(name, value);
      previous.delete('page');
      return previous;
    });
  const field = (name: string) => ({ name, value: query.get(name) ?? '', onSettled: set });
  const choice = (name: string, label: string, choices: string[]) => (
    <NativeSelect
      aria-label={label}
      value={query.get(name) ?? ''}
      onChange={({ currentTarget }) => set(name, currentTarget.value)}
      data={[{ value: '', label }, ...choices]}
    />
  );
  return (
    <>
      <PageHeading title="Audit" />
      <Group gap="xs" mb="sm" role="search" aria-label="Filters">
        {choice('action', 'Any action', ACTIONS)}
        {choice('object_type', 'Any object', OBJECTS)}
        <FilterField {...field('object_id')} label="Object id" w={110} />
        <FilterField {...field('account')} label="Account" w={140} data-search />
      </Group>
      <Answer
        query={entries}
        isEmpty={({ results }) => results.length === 0}
        empty={query.size > 0 ? 'No entry is like that.' : 'Nothing has been changed yet.'}
      >
        {(page) => (
          <>
            <Table className="stacked" aria-label="Changes">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>When</Table.Th>
                  <Table.Th>Who</Table.Th>
                  <Table.Th>What</Table.Th>
                  <Table.Th>Change</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.results.map((entry) => (
                  <Row key={entry.id} entry={entry} />
                ))}
              </Table.Tbody>
            </Table>
            <Pager page={page} size={PAGE_SIZE} />
          </>
        )}
      </Answer>
    </>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const changes = Object.entries(entry.changes);
  return (
    <Table.Tr>
      <Table.Td data-label="When">
        <Instant at={entry.created_date} />
      </Table.Td>
      <Table.Td data-label="Who">
        {entry.account}
        {entry.token !== null && `, token ${entry.token}`}
      </Table.Td>
      <Table.Td data-label="What">
        {entry.action} {entry.object_type.replace('_', ' ')} <span className="mono">{entry.object_id}</span>
      </Table.Td>
      <Table.Td>
        <details>
          <summary>{changes.map(([name]) => name).join(', ')}</summary>
          <dl className="facts">
            {changes.map(([name, [before, after]]) => [
              <dt key={`${name} name`}>{name}</dt>,
              <dd key={name}>
                <Code>{JSON.stringify(before)}</Code> → <Code>{JSON.stringify(after)}</Code>
              </dd>,
            ])}
          </dl>
        </details>
      </Table.Td>
    </Table.Tr>
  );
}
