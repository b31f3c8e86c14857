import { Code } from '@mantine/core';
import type { Webhook } from '../api/webhooks.ts';
import { Instant } from '../parts/instant.tsx';

/** What a webhook is set to. Values of headers and credentials are not shown. */
export function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { retry_countdown_config: countdown, additional_headers: headers, config, callback } = webhook;
  const { auth, ...settings } = config;
  const kwargs = Object.entries(countdown.kwargs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`);
  return (
    <dl className="facts">
      <dt>Target</dt>
      <dd>{webhook.target_url}</dd>
      <dt>Event type</dt>
      <dd>{webhook.event_type}</dd>
      <dt>Countdown</dt>
      <dd>
        {countdown.choice}: {kwargs.join(', ')}
      </dd>
      <dt>Headers</dt>
      <dd>{Object.keys(headers).join(', ') || '–'}</dd>
      <dt>Authorization</dt>
      <dd>{auth?.auth_type ?? '–'}</dd>
      {Object.entries(settings).map(([name, value]) => [
        <dt key={`${name} name`}>{name}</dt>,
        <dd key={name}>
          <Code>{JSON.stringify(value)}</Code>
        </dd>,
      ])}
      {callback && (
        <>
          <dt>Callback</dt>
          <dd>{callback}</dd>
        </>
      )}
      <dt>Made</dt>
      <dd>
        <Instant at={webhook.created_date} />
      </dd>
      <dt>Changed</dt>
      <dd>
        <Instant at={webhook.modified_date} />
      </dd>
      <dt>Id</dt>
      <dd className="mono">{webhook.id}</dd>
    </dl>
  );
}
