import { Button, Group, Table, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { listTokens, revokeToken, type Token } from '../api/tokens.ts';
import { Answer } from '../parts/answer.tsx';
import { Failure } from '../parts/failure.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Pager } from '../parts/pager.tsx';
import { NewTokenDialog } from './new-token-dialog.tsx';
import { RolesDialog } from './roles-dialog.tsx';

const PAGE_SIZE = 50;

/** The keys to the API that are valid now, for superusers. */
export function Component() {
  const [query] = useSearchParams();
  const [opened, { open, close }] = useDisclosure();
  const parameters = new URLSearchParams({ page: query.get('page') ?? '1', page_size: String(PAGE_SIZE) });
  const tokens = useQuery({
    queryKey: ['tokens', parameters.toString()],
    queryFn: () => listTokens(parameters),
  });
  return (
    <>
      <PageHeading title="Tokens">
        <Button onClick={open} disabled={tokens.isError}>
          New token
        </Button>
      </PageHeading>
      <Answer query={tokens} isEmpty={({ results }) => results.length === 0} empty="There are no tokens.">
        {(page) => (
          <>
            <Table className="stacked" aria-label="Tokens">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Id</Table.Th>
                  <Table.Th>Account</Table.Th>
                  <Table.Th>Rights</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>Change</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.results.map((token) => (
                  <Row key={token.id} token={token} />
                ))}
              </Table.Tbody>
            </Table>
            <Pager page={page} size={PAGE_SIZE} />
          </>
        )}
      </Answer>
      <NewTokenDialog opened={opened} onClose={close} />
    </>
  );
}

function Row({ token }: { token: Token }) {
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const ask = () => {
    if (confirm(`Whoever uses token ${token.id} of ${token.account} is refused at once. Revoke it?`))
      mutate();
  };
  return (
    <Table.Tr>
      <Table.Td className="mono" data-label="Id">
        {token.id}
      </Table.Td>
      <Table.Td data-label="Account">{token.account}</Table.Td>
      <Table.Td data-label="Rights">{rightsOf(token)}</Table.Td>
      <Table.Td ta="right">
        <Failure error={error} />
        <Group gap="xs" justify="flex-end">
          <Button
            variant="default"
            onClick={() => setChanging(true)}
            aria-label={`Roles of token ${token.id}`}
          >
            Roles
          </Button>
          <Button variant="default" onClick={ask} loading={isPending} aria-label={`Revoke token ${token.id}`}>
            Revoke
          </Button>
        </Group>
        {changing && <RolesDialog token={token} onClose={() => setChanging(false)} />}
      </Table.Td>
    </Table.Tr>
  );
}

function rightsOf({ superuser, roles, app }: Token): string {
  const rights = [
    ...(superuser ? ['superuser'] : []),
    ...roles.map(({ name, permissions }) => `${name} (${permissions.join(', ') || 'no permissions'})`),
    ...(app === null ? [] : [app]),
  ];
  return rights.join('; ') || '–';
}
