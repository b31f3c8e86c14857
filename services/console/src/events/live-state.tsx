import { Text } from '@mantine/core';

export type Live = 'off' | 'connecting' | 'live' | 'lost';

const WORDS: Record<Live, string> = {
  off: '',
  connecting: 'connecting…',
  live: 'following',
  lost: 'connection lost, trying again…',
};

/** How the live tail is doing. */
export function LiveState({ state }: { state: Live }) {
  return (
    <Text size="xs" c="dimmed" role="status">
      {WORDS[state]}
    </Text>
  );
}
