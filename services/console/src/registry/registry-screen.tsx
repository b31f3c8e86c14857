import { SegmentedControl, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { TOPICS } from '../api/registry.ts';
import { PageHeading } from '../parts/page-heading.tsx';
import { OwnApp } from './own-app.tsx';
import { Playground } from './playground.tsx';
import { PublishedEvents } from './published-events.tsx';
import { Subscriptions } from './subscriptions.tsx';

/** What apps publish, who subscribes to it, and what a filter would make of a message. */
export function Component() {
  const [query, setQuery] = useSearchParams();
  const topic = TOPICS.find((one) => one === query.get('topic')) ?? 'participant';
  const tenant = query.get('tenant') ?? '';
  const set = (name: string, value: string) =>
    setQuery((previous) => {
      if (value === '') previous.delete(name);
      else previous.set(name, value);
      return previous;
    });
  return (
    <>
      <PageHeading title="Publisher registry">
        <TextInput
          aria-label="Tenant"
          placeholder="Tenant (without a name)"
          value={tenant}
          onChange={({ currentTarget }) => set('tenant', currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Topic"
          data={[...TOPICS]}
          value={topic}
          onChange={(value) => set('topic', value)}
        />
      </PageHeading>
      <div className="columns">
        <section>
          <OwnApp tenant={tenant} />
          <PublishedEvents
            topic={topic}
            tenant={tenant}
            tried={query.get('event') ?? ''}
            onTry={(name) => set('event', name)}
          />
          <Subscriptions tenant={tenant} />
        </section>
        <Playground
          topic={topic}
          tenant={tenant}
          name={query.get('event') ?? ''}
          onName={(name) => set('event', name)}
        />
      </div>
    </>
  );
}
