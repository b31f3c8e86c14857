import { PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { canSign, whispererSignature } from './signatures.ts';

/** For a partner who says that the signature is wrong: what they got, held against what this secret gives for this body. */
export function SignatureCheck({ body, secretKey }: { body: string; secretKey: string | null }) {
  const [secret, setSecret] = useState(secretKey ?? '');
  const [given, setGiven] = useState('');
  const { data: expected } = useQuery({
    queryKey: ['signature', body, secret],
    queryFn: () => whispererSignature(secret, body),
    enabled: canSign() && secret !== '',
    staleTime: Infinity,
    gcTime: 0,
  });
  if (!canSign())
    return (
      <Text size="sm" c="dimmed" mt="md">
        Signatures can be checked only over https or on this machine: browsers keep their cryptography from
        other pages.
      </Text>
    );
  return (
    <Stack gap="xs" mt="lg" component="section" aria-label="Signature check">
      <Title order={3}>Signature check</Title>
      <PasswordInput
        label="Secret"
        autoComplete="off"
        description="The webhook’s own; try the partner’s. Nothing of this leaves the browser."
        value={secret}
        onChange={({ currentTarget }) => setSecret(currentTarget.value)}
      />
      <TextInput
        label="X-Whisperer-Signature as received"
        placeholder="sha256=…"
        value={given}
        onChange={({ currentTarget }) => setGiven(currentTarget.value.trim())}
      />
      <Text size="sm" role="status" className="mono">
        {verdict(expected, given, secret)}
      </Text>
    </Stack>
  );
}

function verdict(expected: string | undefined, given: string, secret: string): string {
  if (secret === '') return 'Without a secret nothing is signed.';
  if (expected === undefined) return '';
  if (given === '') return expected;
  const bare = given.toLowerCase().replace(/^sha256=/, '');
  return `sha256=${bare}` === expected
    ? '✓ It is the signature of this body with this secret.'
    : `✗ It is not: this body with this secret gives ${expected}`;
}
