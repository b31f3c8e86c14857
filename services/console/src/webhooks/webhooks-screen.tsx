import { Anchor, Button, Chip, Group, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { listWebhooks, listWebhooksInTrouble, type Webhook } from '../api/webhooks.ts';
import { FilterField } from '../events/filter-field.tsx';
import { Answer } from '../parts/answer.tsx';
import { Instant } from '../parts/instant.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Pager } from '../parts/pager.tsx';
import { State } from '../parts/state.tsx';
import { useRowKeys } from '../parts/use-row-keys.ts';

const PAGE_SIZE = 50;

/** Who hears of what, and how it goes. */
export function Component() {
  const [query, setQuery] = useSearchParams();
  const parameters = new URLSearchParams(query);
  parameters.set('page_size', String(PAGE_SIZE));
  const webhooks = useQuery({
    queryKey: ['webhooks', 'list', parameters.toString()],
    queryFn: () => listWebhooks(parameters),
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
  return (
    <>
      <PageHeading title="Webhooks">
        <Button component={Link} to="/webhooks/new">
          New webhook
        </Button>
      </PageHeading>
      <Group gap="xs" mb="sm" role="search" aria-label="Filters">
        <Chip.Group value={query.get('is_active') ?? ''} onChange={(value) => set('is_active', value)}>
          <Group gap={6} role="group" aria-label="Activity">
            <Chip value="" size="xs">
              all
            </Chip>
            <Chip value="true" size="xs">
              active
            </Chip>
            <Chip value="false" size="xs">
              inactive
            </Chip>
          </Group>
        </Chip.Group>
        <FilterField {...field('event_type')} label="Event type" w={170} data-search />
        <FilterField {...field('target_url')} label="Target URL, whole" w={280} />
      </Group>
      <Answer
        query={webhooks}
        isEmpty={({ results }) => results.length === 0}
        empty={
          query.size > 0 ? (
            'No webhook is like that.'
          ) : (
            <>
              There are no webhooks yet.{' '}
              <Anchor component={Link} to="/webhooks/new">
                Make the first one
              </Anchor>
            </>
          )
        }
      >
        {(page) => (
          <>
            <WebhookTable webhooks={page.results} />
            <Pager page={page} size={PAGE_SIZE} />
          </>
        )}
      </Answer>
    </>
  );
}

function WebhookTable({ webhooks }: { webhooks: Webhook[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  useRowKeys(body);
  const { data } = useQuery({ queryKey: ['webhooks', 'in trouble'], queryFn: listWebhooksInTrouble });
  const inTrouble = new Set(data?.results.map(({ webhook }) => webhook));
  const stateOf = ({ id, is_active: isActive }: Webhook) =>
    isActive ? (inTrouble.has(id) ? 'failing' : 'active') : inTrouble.has(id) ? 'disabled' : 'inactive';
  return (
    <Table className="rows" highlightOnHover aria-label="Webhooks">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>State</Table.Th>
          <Table.Th>Event type</Table.Th>
          <Table.Th>Target</Table.Th>
          <Table.Th className="medium">Countdown</Table.Th>
          <Table.Th className="wide">Made</Table.Th>
          <Table.Th className="medium">Id</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody ref={body}>
        {webhooks.map((webhook) => (
          <Table.Tr key={webhook.id} onClick={() => void navigate(`/webhooks/${webhook.id}`)}>
            <Table.Td>
              <State of={stateOf(webhook)} />
            </Table.Td>
            <Table.Td>
              <Anchor
                component={Link}
                to={`/webhooks/${webhook.id}`}
                data-row
                fz="sm"
                onClick={(click: React.MouseEvent) => click.stopPropagation()}
              >
                {webhook.event_type}
              </Anchor>
            </Table.Td>
            <Table.Td>{webhook.target_url}</Table.Td>
            <Table.Td className="medium">{webhook.retry_countdown_config.choice}</Table.Td>
            <Table.Td className="wide">
              <Instant at={webhook.created_date} />
            </Table.Td>
            <Table.Td className="medium mono">{webhook.id}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
