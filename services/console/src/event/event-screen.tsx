import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { findEvent, listAttempts } from '../api/events.ts';
import { Answer } from '../parts/answer.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Attempts } from './attempts.tsx';
import { EventFacts } from './event-facts.tsx';
import { NextAttempt } from './next-attempt.tsx';
import { RequestAsSent } from './request-as-sent.tsx';
import { Resend } from './resend.tsx';

const LOOK_AGAIN_MS = 1500;

/** One event: what has become of it, what comes next, and what was sent. */
export function Component() {
  const { id = '' } = useParams();
  const event = useQuery({
    queryKey: ['event', id],
    queryFn: () => findEvent(id),
    // While something may still happen to it. A resend of a finished one makes it unfinished again.
    refetchInterval: ({ state: { data } }) =>
      data && ['pending', 'retrying'].includes(data.state) ? LOOK_AGAIN_MS : false,
  });
  const attempts = useQuery({
    // Asked for again with every attempt.
    queryKey: ['event', id, 'attempts', event.data?.retry_count ?? 0],
    queryFn: () => listAttempts(id),
    placeholderData: (previous) => previous,
  });
  return (
    <>
      <Anchor component={Link} to="/events" size="sm">
        Events
      </Anchor>
      {!event.data && <PageHeading title="Event" />}
      <Answer query={event}>
        {(data) => (
          <>
            <PageHeading title={`${data.request_payload.event.type} ${data.object_id}`}>
              <Resend event={data} />
            </PageHeading>
            <div className="columns">
              <section aria-label="What happened">
                <NextAttempt event={data} />
                <Answer
                  query={attempts}
                  isEmpty={({ results }) => results.length === 0}
                  empty="Nothing has been sent yet."
                >
                  {(page) => <Attempts page={page} />}
                </Answer>
              </section>
              <section aria-label="What was sent">
                <EventFacts event={data} />
                {data.retry_count === null ? (
                  <Text size="sm" c="dimmed" mt="md">
                    The request is shown when it has been sent: only then is the payload certain.
                  </Text>
                ) : (
                  <RequestAsSent event={data} latest={attempts.data?.results[0]} />
                )}
              </section>
            </div>
          </>
        )}
      </Answer>
    </>
  );
}
