import type { operations } from '@oms-webhooks/client';
import { answerOf, api, type Shape } from './api.ts';

/** A bulk resend, and how far it is. */
export type ResendTask = Shape<'Task'>;
type Selection = NonNullable<operations['resendEvents']['requestBody']>['content']['application/json'];

const resendEvents = (filters: Record<string, string>, how: Pick<Selection, 'rate' | 'dry_run'>) =>
  answerOf(
    api.POST('/api/v1/oms/oms_hook_events/resend-events/', {
      // Filters are what stands in the address: the API says what it makes of them.
      body: { ...(filters as Selection), ...how },
    }),
  );

/** How many events a bulk resend would be of. */
export const previewResend = (filters: Record<string, string>) => resendEvents(filters, { dry_run: true });

export const startResend = (filters: Record<string, string>, rate: number) => resendEvents(filters, { rate });

export const listResendTasks = () =>
  answerOf(api.GET('/api/v1/oms/tasks/', { params: { query: { page_size: 5 } } }));

export const abortResend = (id: number) =>
  answerOf(api.POST('/api/v1/oms/tasks/{id}/abort/', { params: { path: { id } } }));
