import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { WebhookEvent } from '../api/events.ts';
import { durationWords } from '../parts/durations.ts';
import { State } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';

/** What has become of the event in one sentence, with the time that is left until the next attempt. */
export function NextAttempt({ event }: { event: WebhookEvent }) {
  return (
    <Alert variant="default" mb="md" py="xs" role="group" aria-label="State">
      <Text size="md" component="div">
        <State of={event.state} />
        {' · '}
        <WhatNext event={event} />
      </Text>
      {event.last_error && event.state !== 'delivered' && <Text size="sm">{event.last_error}</Text>}
    </Alert>
  );
}

function WhatNext({ event }: { event: WebhookEvent }) {
  const { state, retry_count: attempts, next_attempt_at: next, webhook } = event;
  const tried = attempts === null ? '' : `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  switch (state) {
    case 'delivered':
      return tried;
    case 'exhausted':
      return `no attempt is left ${tried}; a resend makes one more`;
    case 'cancelled':
      return (
        <>
          <Anchor component={Link} to={`/webhooks/${webhook.id}`}>
            its webhook
          </Anchor>{' '}
          is not active, or was not when it was to be sent
        </>
      );
    default:
      return next === null ? 'on its way now' : <Countdown to={next} number={(attempts ?? 0) + 1} />;
  }
}

/** Runs down second by second; screen readers are told the instant, not every second. */
function Countdown({ to, number }: { to: string; number: number }) {
  const seconds = (Date.parse(to) - useNow(250)) / 1000;
  return (
    <span role="timer" aria-live="off">
      attempt {number} {seconds > 0 ? `in ${durationWords(Math.ceil(seconds))}` : 'is due'}
    </span>
  );
}
