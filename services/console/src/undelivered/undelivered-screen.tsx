import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { listUndelivered } from '../api/events.ts';
import { EventFilters } from '../events/event-filters.tsx';
import { EventTable } from '../events/event-table.tsx';
import { Answer } from '../parts/answer.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Pager } from '../parts/pager.tsx';
import { BulkResend } from './bulk-resend.tsx';
import { ResendTasks } from './resend-tasks.tsx';

const PAGE_SIZE = 50;
const LOOK_AGAIN_MS = 5000;
const STATES = ['pending', 'retrying', 'exhausted', 'cancelled'];

/** What has not arrived, and sending all of it again. */
export function Component() {
  const [query] = useSearchParams();
  const [opened, { open, close }] = useDisclosure();
  const parameters = new URLSearchParams(query);
  parameters.set('page_size', String(PAGE_SIZE));
  const events = useQuery({
    queryKey: ['undelivered', parameters.toString()],
    queryFn: ({ signal }) => listUndelivered(parameters, signal),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <PageHeading title="Undelivered">
        <Button onClick={open} disabled={!events.data || events.data.count === 0}>
          Resend all of these…
        </Button>
      </PageHeading>
      <ResendTasks />
      <EventFilters states={STATES} />
      <Answer
        query={events}
        isEmpty={({ results }) => results.length === 0}
        empty={query.size > 0 ? 'No undelivered event is like that.' : 'Everything has been delivered.'}
      >
        {(page) => (
          <>
            <EventTable events={page.results} label="Undelivered events" />
            <Pager page={page} size={PAGE_SIZE} />
          </>
        )}
      </Answer>
      <BulkResend opened={opened} onClose={close} />
    </>
  );
}
