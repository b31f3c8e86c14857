import { Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { listSubscriptions } from '../api/registry.ts';
import { Failure } from '../parts/failure.tsx';
import { State } from '../parts/state.tsx';
import { MoreButton } from './more-button.tsx';

/** The account's own subscriptions in the tenant. */
export function Subscriptions({ tenant }: { tenant: string }) {
  const subscriptions = useInfiniteQuery({
    queryKey: ['registry', 'subscriptions', tenant],
    queryFn: ({ pageParam }) => listSubscriptions(tenant, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ data }) => data.meta.nextPage,
  });
  const rows = subscriptions.data?.pages.flatMap(({ data }) => data.subscriptions) ?? [];
  return (
    <>
      <Title order={2} mt="lg" mb="xs">
        Own subscriptions
      </Title>
      <Failure error={subscriptions.error} />
      {subscriptions.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          This account subscribes to nothing in this tenant.
        </Text>
      )}
      {rows.length > 0 && (
        <Table aria-label="Own subscriptions">
          <Table.Tbody>
            {rows.map(({ id, description, topic, eventAppId, isActive }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <State of={isActive ? 'active' : 'inactive'} />
                </Table.Td>
                <Table.Td>{description ?? id}</Table.Td>
                <Table.Td>{topic}</Table.Td>
                <Table.Td className="mono">{eventAppId}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <MoreButton list={subscriptions} />
    </>
  );
}
