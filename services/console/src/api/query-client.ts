import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api-failure.ts';

/** Refusals are final; what may be a passing trouble is tried again twice. */
const isPassing = (error: Error) =>
  !(error instanceof ApiFailure) || error.status === 0 || error.status >= 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 2000, retry: (failures, error) => failures < 2 && isPassing(error) },
  },
});
