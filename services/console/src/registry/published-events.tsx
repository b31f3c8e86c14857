import { Button, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { listPublishedEvents, type Topic } from '../api/registry.ts';
import { Failure } from '../parts/failure.tsx';
import { MoreButton } from './more-button.tsx';

export interface PublishedEventsProps {
  topic: Topic;
  tenant: string;
  /** The one that is in the playground. */
  tried: string;
  onTry: (name: string) => void;
}

/** What may be subscribed to, of all apps of the tenant. */
export function PublishedEvents({ topic, tenant, tried, onTry }: PublishedEventsProps) {
  const events = useInfiniteQuery({
    queryKey: ['registry', 'events', topic, tenant],
    queryFn: ({ pageParam }) => listPublishedEvents(topic, tenant, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ data }) => data.meta.nextPage,
  });
  const rows = events.data?.pages.flatMap(({ data }) => data.events) ?? [];
  return (
    <>
      <Title order={2} mb="xs">
        Published events
      </Title>
      <Failure error={events.error} />
      {events.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody has registered an event on {topic} in this tenant.
        </Text>
      )}
      {rows.length > 0 && (
        <Table aria-label="Published events">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th>What it tells</Table.Th>
              <Table.Th>
                <VisuallyHidden>Try</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, type, appId, description }) => (
              <Table.Tr key={`${appId} ${name}`} {...(name === tried && { 'aria-current': true })}>
                <Table.Td>
                  {name}
                  <Text size="xs" c="dimmed">
                    {type}
                  </Text>
                </Table.Td>
                <Table.Td title={appId}>{description}</Table.Td>
                <Table.Td ta="right">
                  <Button variant="default" onClick={() => onTry(name)} aria-label={`Try ${name}`}>
                    Try
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <MoreButton list={events} />
    </>
  );
}
