import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

export interface AnswerProps<T> {
  query: UseQueryResult<T>;
  /** Whether there is nothing to show. */
  isEmpty?: (data: T) => boolean;
  /** What is said then. */
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** What the API answered, or that it is being waited for, has nothing, or has failed. An older answer stays in sight meanwhile. */
export function Answer<T>({ query, isEmpty, empty, children }: AnswerProps<T>) {
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Waiting />;
  const again = (
    <Button variant="default" onClick={() => void refetch()}>
      Try again
    </Button>
  );
  if (data === undefined) return <Failure error={error}>{again}</Failure>;
  return (
    <>
      {error && <Failure error={error}>{again}</Failure>}
      {isEmpty?.(data) ? <Empty>{empty}</Empty> : children(data)}
    </>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" role="status" aria-label="Loading">
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} height={28} radius="sm" />
      ))}
    </Stack>
  );
}

function Empty({ children }: { children: ReactNode }) {
  return (
    <Alert variant="default" role="status">
      <Text size="sm" component="div">
        {children ?? 'There is nothing here.'}
      </Text>
    </Alert>
  );
}
