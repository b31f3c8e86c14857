import { Button, Code, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { previewResend, startResend } from '../api/resend-tasks.ts';
import { durationWords } from '../parts/durations.ts';
import { Failure } from '../parts/failure.tsx';

const DEFAULT_RATE = 200;

/** What is in sight is counted before it is sent again: the filters of the address, over all pages. */
export function BulkResend({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [query] = useSearchParams();
  const [rate, setRate] = useState(DEFAULT_RATE);
  const client = useQueryClient();
  const filters = filtersOf(query);
  const preview = useQuery({
    queryKey: ['resend preview', filters],
    queryFn: () => previewResend(filters),
    enabled: opened,
    gcTime: 0,
  });
  const start = useMutation({
    mutationFn: () => startResend(filters, rate),
    async onSuccess() {
      onClose();
      await client.invalidateQueries({ queryKey: ['resend tasks'] });
    },
  });
  const count = preview.data?.count;
  return (
    <Modal opened={opened} onClose={onClose} title="Resend" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="sm">
        <Failure error={preview.error ?? start.error} />
        <Text role="status">
          {count === undefined
            ? 'Counting…'
            : `${preview.data?.estimated ? 'About ' : ''}${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}`}
        </Text>
        <Text size="sm" c="dimmed">
          {Object.entries(filters).map(([name, value]) => (
            <Code key={name} mr={6}>{`${name}=${value}`}</Code>
          ))}
        </Text>
        <NumberInput
          label="Events a second"
          description={
            count ? `It takes about ${durationWords(Math.ceil(count / rate))}. It can be aborted.` : undefined
          }
          min={1}
          max={10_000}
          allowDecimal={false}
          value={rate}
          onChange={(value) => setRate(Number(value) || DEFAULT_RATE)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={() => start.mutate()} loading={start.isPending} disabled={!count}>
            Resend
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The address has them under the API's own names. A delivered event is never meant on this screen. */
function filtersOf(query: URLSearchParams): Record<string, string> {
  const filters = new URLSearchParams(query);
  filters.delete('page');
  filters.set('delivered', 'false');
  return Object.fromEntries(filters);
}
