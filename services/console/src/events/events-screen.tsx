import { Switch } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { listEvents } from '../api/events.ts';
import { Answer } from '../parts/answer.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Pager } from '../parts/pager.tsx';
import { EventFilters } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { InTrouble } from './in-trouble.tsx';
import { LiveState } from './live-state.tsx';
import { useLiveEvents } from './use-live-events.ts';

const PAGE_SIZE = 50;

/** The start page: which webhooks are in trouble, and what happens, as it happens. */
export function Component() {
  const [query] = useSearchParams();
  const [wanted, setWanted] = useState(true);
  const parameters = new URLSearchParams(query);
  parameters.set('page_size', String(PAGE_SIZE));
  const key = ['events', parameters.toString()];
  const events = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => listEvents(parameters, signal),
    placeholderData: keepPreviousData,
  });
  const isFirstPage = !query.has('page');
  const live = useLiveEvents({ queryKey: key, filters: query, on: wanted && isFirstPage });

  return (
    <>
      <PageHeading title="Events">
        <LiveState state={live} />
        <Switch
          label="Live"
          labelPosition="left"
          checked={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.checked)}
        />
      </PageHeading>
      <InTrouble />
      <EventFilters />
      <Answer
        query={events}
        isEmpty={({ results }) => results.length === 0}
        empty={query.size > 0 ? 'No event is like that.' : <FirstEvent />}
      >
        {(page) => (
          <>
            <EventTable events={page.results} label="Events" />
            <Pager page={page} size={PAGE_SIZE} />
          </>
        )}
      </Answer>
    </>
  );
}

function FirstEvent() {
  return <>There are no events yet. Make a webhook, then publish an event to it: the README has the lines.</>;
}
