import { Button, Fieldset, Group, PasswordInput, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { WebhookDraft } from './webhook-draft.ts';

export interface HeaderFieldsProps {
  headers: WebhookDraft['headers'];
  onChange: (headers: WebhookDraft['headers']) => void;
  error?: ReactNode;
}

/** Headers of the webhook's own. Their values may be credentials, so they are hidden until asked for. */
export function HeaderFields({ headers, onChange, error }: HeaderFieldsProps) {
  const put = (index: number, header: [string, string]) => onChange(headers.with(index, header));
  return (
    <Fieldset legend="Headers" p="xs">
      {headers.map(([name, value], index) => (
        // A header has no identity but its place.
        <Group key={index} gap="xs" mb="xs" wrap="nowrap">
          <TextInput
            aria-label={`Name of header ${index + 1}`}
            placeholder="X-Partner-Key"
            flex={1}
            value={name}
            onChange={({ currentTarget }) => put(index, [currentTarget.value, value])}
          />
          <PasswordInput
            aria-label={`Value of header ${index + 1}`}
            autoComplete="off"
            flex={1}
            value={value}
            onChange={({ currentTarget }) => put(index, [name, currentTarget.value])}
          />
          <Button
            variant="subtle"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => onChange(headers.toSpliced(index, 1))}
          >
            Remove
          </Button>
        </Group>
      ))}
      <Button variant="default" onClick={() => onChange([...headers, ['', '']])}>
        Add a header
      </Button>
      {error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Fieldset>
  );
}
