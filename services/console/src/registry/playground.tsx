import { Button, JsonInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { tryEvent, type Topic } from '../api/registry.ts';
import { Failure } from '../parts/failure.tsx';
import { Verdict } from './verdict.tsx';

export interface PlaygroundProps {
  topic: Topic;
  tenant: string;
  name: string;
  onName: (name: string) => void;
}

const EXAMPLE = JSON.stringify(
  { eventType: 'UserCreatedEvent', event: { id: 42, state: 'active:available' } },
  null,
  2,
);

/** Holds a message against the filter of one of the account's own events. Nothing is published. */
export function Playground({ topic, tenant, name, onName }: PlaygroundProps) {
  const [message, setMessage] = useState(EXAMPLE);
  const [fault, setFault] = useState<string>();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (value: Record<string, unknown>) => tryEvent(tenant, topic, name, value),
  });
  function submit(event: SyntheticEvent) {
    event.preventDefault();
    try {
      mutate(JSON.parse(message) as Record<string, unknown>);
      setFault(undefined);
    } catch (problem) {
      setFault(problem instanceof Error ? problem.message : String(problem));
    }
  }
  return (
    <section aria-label="Filter playground">
      <Title order={2} mb="xs">
        Filter playground
      </Title>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Published event of this account"
            required
            withAsterisk={false}
            value={name}
            onChange={({ currentTarget }) => onName(currentTarget.value)}
          />
          <JsonInput
            label="Message, as it would come on the topic"
            autosize
            minRows={6}
            maxRows={20}
            spellCheck={false}
            value={message}
            onChange={setMessage}
            validationError={fault ?? 'This is not JSON.'}
            error={fault}
          />
          <Button type="submit" loading={isPending} disabled={name === ''}>
            Try it
          </Button>
        </Stack>
      </form>
      <Stack mt="md" gap="xs">
        <Failure error={error} />
        <div role="status">{data ? <Verdict trial={data.data} /> : <Text size="sm" c="dimmed" />}</div>
      </Stack>
    </section>
  );
}
