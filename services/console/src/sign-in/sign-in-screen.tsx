import { Button, Center, Code, Paper, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { ApiFailure } from '../api/api-failure.ts';
import { queryClient } from '../api/query-client.ts';
import { signIn } from '../api/session.ts';
import { Failure } from '../parts/failure.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { checkToken } from './check-token.ts';

/** A token is asked for, and tried before it is kept. */
export function SignInScreen() {
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await checkToken(token.trim());
      queryClient.clear();
      signIn(token.trim());
    } catch (failure) {
      setError(failure instanceof Error ? failure : new ApiFailure(0, null));
      setBusy(false);
    }
  }

  return (
    <Center component="main" mih="80vh" p="md">
      <Paper withBorder p="lg" w={380} maw="100%">
        <PageHeading title="Sign in" />
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <Failure error={error} />
            <PasswordInput
              label="Token"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={token}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
            />
            <Button type="submit" loading={busy} disabled={token.trim() === ''}>
              Sign in
            </Button>
            <Text size="xs" c="dimmed">
              <Code>npm start</Code> prints a token; <Code>npm run tokens -- create</Code> makes another. It
              is forgotten when this tab is closed.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
