import { Button, Chip, Group } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { EVENT_STATES } from '../api/events.ts';
import { FilterField } from './filter-field.tsx';
import { InstantField } from './instant-field.tsx';

/** What a list of events is narrowed by. All of it is in the address, under the API's own names. */
export function EventFilters({ states = EVENT_STATES }: { states?: readonly string[] }) {
  const [query, setQuery] = useSearchParams();
  const set = (name: string, value: string) =>
    setQuery((previous) => {
      if (value === '') previous.delete(name);
      else previous.set(name, value);
      previous.delete('page');
      return previous;
    });
  const field = (name: string) => ({ name, value: query.get(name) ?? '', onSettled: set });
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filters">
      <Chip.Group value={query.get('state') ?? ''} onChange={(state) => set('state', state)}>
        <Group gap={6} role="group" aria-label="State">
          <Chip value="" size="xs">
            all
          </Chip>
          {states.map((state) => (
            <Chip key={state} value={state} size="xs">
              {state}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <FilterField {...field('q')} label="Object id or uuid" w={170} data-search />
      <FilterField {...field('event_type')} label="Event type" w={150} />
      <FilterField {...field('webhook')} label="Webhook" w={84} inputMode="numeric" />
      <FilterField {...field('response_http_status')} label="Status" w={74} inputMode="numeric" />
      <InstantField {...field('created_date__gte')} label="From" />
      <InstantField {...field('created_date__lt')} label="Until" />
      {query.size > 0 && (
        <Button variant="subtle" onClick={() => setQuery({})}>
          Clear
        </Button>
      )}
    </Group>
  );
}
