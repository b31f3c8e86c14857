import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { WebhookEvent } from '../api/events.ts';
import { Instant } from '../parts/instant.tsx';

/** What the event is, and whose. */
export function EventFacts({ event }: { event: WebhookEvent }) {
  const { webhook } = event;
  const type = event.request_payload.event.type;
  return (
    <dl className="facts">
      <dt>Webhook</dt>
      <dd>
        <Anchor component={Link} to={`/webhooks/${webhook.id}`}>
          {webhook.target_url}
        </Anchor>
      </dd>
      <dt>UUID</dt>
      <dd className="mono">{event.uuid}</dd>
      <dt>Object</dt>
      <dd>
        <Anchor component={Link} to={`/events?q=${encodeURIComponent(event.object_id)}`}>
          {event.object_id}
        </Anchor>
        {event.content_type !== null && ` of content type ${event.content_type}`}
      </dd>
      <dt>Event type</dt>
      <dd>
        <Anchor component={Link} to={`/events?event_type=${encodeURIComponent(type)}`}>
          {type}
        </Anchor>
      </dd>
      <dt>Created</dt>
      <dd>
        <Instant at={event.created_date} />
      </dd>
    </dl>
  );
}
