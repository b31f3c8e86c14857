import { Alert, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api/api-failure.ts';

/** What went wrong, in the API's own words, and what the log knows it by. */
export function Failure({ error, children }: { error: Error | null; children?: ReactNode }) {
  if (!error) return null;
  const requestId = error instanceof ApiFailure && error.status >= 500 ? error.requestId : null;
  return (
    <Alert variant="outline" color="red" role="alert" mb="sm" py="xs">
      <Group justify="space-between">
        <Text size="sm">
          {error.message}
          {requestId && (
            <>
              {' '}
              In the log: <span className="mono">{requestId}</span>
            </>
          )}
        </Text>
        {children}
      </Group>
    </Alert>
  );
}
