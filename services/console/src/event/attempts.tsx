import { Text, Timeline } from '@mantine/core';
import type { Attempt, AttemptPage } from '../api/events.ts';
import { Instant } from '../parts/instant.tsx';
import { Response } from './response.tsx';

/** Every request that was sent, newest first. */
export function Attempts({ page: { results, count } }: { page: AttemptPage }) {
  return (
    <>
      <Timeline active={results.length} bulletSize={14} lineWidth={2} aria-label="Attempts">
        {results.map((attempt, index) => (
          <Timeline.Item
            key={`${attempt.number} ${attempt.request_datetime}`}
            color={isDelivery(attempt) ? 'green' : 'red'}
            title={`Attempt ${attempt.number}: ${outcome(attempt)}`}
          >
            <Text size="xs" c="dimmed">
              <Instant at={attempt.request_datetime} /> · {attempt.duration_ms} ms · {CAUSES[attempt.cause]}
            </Text>
            <Response attempt={attempt} opened={index === 0} />
          </Timeline.Item>
        ))}
      </Timeline>
      {count > results.length && (
        <Text size="sm" c="dimmed" mt="sm">
          and {count - results.length} earlier ones
        </Text>
      )}
    </>
  );
}

const CAUSES = { countdown: 'by its countdown', resend: 'resent', recovery: 'recovered after an outage' };

const isDelivery = ({ error_kind, response_http_status: status }: Attempt) =>
  error_kind === null && status !== null && status >= 200 && status < 300;

/** A network error is recorded as status 500; its kind tells that the target never said so. */
function outcome({ error_kind: kind, response_http_status: status }: Attempt): string {
  return kind === null ? String(status) : `no answer (${kind})`;
}
