import { Button, Checkbox, Group, NativeSelect, NumberInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiFailure } from '../api/api-failure.ts';
import { changeWebhook, createWebhook, listEventTypeNames, type Webhook } from '../api/webhooks.ts';
import { Failure } from '../parts/failure.tsx';
import { AuthFields } from './auth-fields.tsx';
import { CountdownFields } from './countdown-fields.tsx';
import { HeaderFields } from './header-fields.tsx';
import { SecretField } from './secret-field.tsx';
import { bodyOf, draftOf, newDraft, withSetting } from './webhook-draft.ts';

/** Everything that is said of a webhook. The API judges it; what it says is shown at the field that it is about. */
export function WebhookForm({ webhook }: { webhook?: Webhook }) {
  const [draft, setDraft] = useState(() => (webhook ? draftOf(webhook) : newDraft()));
  const change = (changes: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...changes }));
  const setting = (name: string, value: unknown) =>
    change({ config: withSetting(draft.config, name, value) });
  const types = useQuery({ queryKey: ['event types'], queryFn: listEventTypeNames, staleTime: 60_000 });
  const navigate = useNavigate();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      webhook ? changeWebhook(String(webhook.id), bodyOf(draft)) : createWebhook(bodyOf(draft)),
    async onSuccess({ id }) {
      await client.invalidateQueries({ queryKey: ['webhook', String(id)] });
      await navigate(`/webhooks/${id}`);
    },
  });
  const fields = save.error instanceof ApiFailure ? save.error.fields : {};
  const fault = (name: string) => ({ error: fields[name] });
  const names = types.data ?? [];
  const shownNames = names.includes(draft.event_type) ? names : [draft.event_type, ...names];

  return (
    <form
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Failure error={save.error} />
      <div className="columns">
        <Stack gap="sm">
          <TextInput
            label="Target URL"
            type="url"
            placeholder="https://partner.example/hooks"
            required
            withAsterisk={false}
            value={draft.target_url}
            onChange={({ currentTarget }) => change({ target_url: currentTarget.value })}
            {...fault('target_url')}
          />
          <NativeSelect
            label="Event type"
            data={shownNames}
            value={draft.event_type}
            onChange={({ currentTarget }) => change({ event_type: currentTarget.value })}
            {...fault('event_type')}
          />
          <Checkbox
            label="Active"
            checked={draft.is_active}
            onChange={({ currentTarget }) => change({ is_active: currentTarget.checked })}
          />
          <SecretField
            value={draft.secret_key ?? ''}
            onChange={(secret) => change({ secret_key: secret === '' ? null : secret })}
            {...fault('secret_key')}
          />
          <HeaderFields
            headers={draft.headers}
            onChange={(headers) => change({ headers })}
            {...fault('additional_headers')}
          />
          <AuthFields
            auth={draft.config.auth ?? null}
            onChange={(auth) => setting('auth', auth ?? undefined)}
          />
        </Stack>
        <Stack gap="sm">
          <CountdownFields
            countdown={draft.retry_countdown_config}
            attempts={draft.config.max_attempts}
            onChange={(countdown) => change({ retry_countdown_config: countdown })}
            faults={fields}
          />
          <Title order={2}>Delivery</Title>
          <Group grow align="flex-start">
            <NumberInput
              label="Attempts by the countdown"
              placeholder="11"
              min={1}
              value={draft.config.max_attempts ?? ''}
              onChange={(value) => setting('max_attempts', value)}
              {...fault('config.max_attempts')}
            />
            <NumberInput
              label="Requests a second, at most"
              placeholder="no limit"
              min={0.001}
              value={draft.config.rate_limit ?? ''}
              onChange={(value) => setting('rate_limit', value)}
              {...fault('config.rate_limit')}
            />
          </Group>
          <Checkbox
            label="Ordered: events of one object go one after the other"
            checked={draft.config.ordered === true}
            onChange={({ currentTarget }) => setting('ordered', currentTarget.checked)}
          />
        </Stack>
      </div>
      <Group mt="lg">
        <Button type="submit" loading={save.isPending}>
          {webhook ? 'Save' : 'Make the webhook'}
        </Button>
        <Button variant="default" component={Link} to={webhook ? `/webhooks/${webhook.id}` : '/webhooks'}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
