import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { findWebhook, findWebhookStats, type Webhook } from '../api/webhooks.ts';
import { Answer } from '../parts/answer.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { Activity } from './activity.tsx';
import { Health } from './health.tsx';
import { SecretKey } from './secret-key.tsx';
import { TestSend } from './test-send.tsx';
import { WebhookFacts } from './webhook-facts.tsx';

// The plots bring a library with them that nothing else needs.
const HistoryPlots = lazy(() => import('./history-plots.tsx'));

const LOOK_AGAIN_MS = 5000;

/** One webhook: how it is doing, why it is disabled, what it is set to, and trying it out. */
export function Component() {
  const { id = '' } = useParams();
  const webhook = useQuery({
    queryKey: ['webhook', id],
    queryFn: () => findWebhook(id),
    // It may be disabled while one looks.
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <Anchor component={Link} to="/webhooks" size="sm">
        Webhooks
      </Anchor>
      {!webhook.data && <PageHeading title="Webhook" />}
      <Answer query={webhook}>{(data) => <One webhook={data} />}</Answer>
    </>
  );
}

function One({ webhook }: { webhook: Webhook }) {
  const id = String(webhook.id);
  const stats = useQuery({
    queryKey: ['webhook', id, 'stats'],
    queryFn: () => findWebhookStats(id),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <PageHeading title={`${webhook.event_type} → ${hostOf(webhook.target_url)}`}>
        <Button component={Link} to={`/webhooks/${id}/edit`} variant="default">
          Edit
        </Button>
        <Activity webhook={webhook} />
      </PageHeading>
      {!webhook.is_active && (
        <Alert variant="outline" color="orange" mb="md" title="Not active">
          <Text size="sm">{stats.data?.disabled_reason ?? 'It was switched off, or deleted, by hand.'}</Text>
        </Alert>
      )}
      <div className="columns">
        <section aria-label="Health">
          <Answer query={stats}>{(data) => <Health stats={data} />}</Answer>
          <Suspense>
            <HistoryPlots id={id} />
          </Suspense>
          <Group gap="md" mt="sm">
            <Anchor component={Link} to={`/events?webhook=${id}`} size="sm">
              Its events
            </Anchor>
            <Anchor component={Link} to={`/undelivered?webhook=${id}`} size="sm">
              Undelivered ones
            </Anchor>
          </Group>
        </section>
        <section aria-label="Settings">
          <WebhookFacts webhook={webhook} />
          <SecretKey webhook={webhook} />
          <TestSend webhook={webhook} />
        </section>
      </div>
    </>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
