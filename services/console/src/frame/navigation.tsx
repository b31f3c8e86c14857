import { Button, NativeSelect, NavLink, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { signOut } from '../api/session.ts';
import { queryClient } from '../api/query-client.ts';
import { places } from './places.ts';

/** Where one can go; below it how it looks, and the way out. */
export function Navigation() {
  const { pathname } = useLocation();
  return (
    <Stack h="100%" justify="space-between">
      <nav aria-label="Screens">
        <Text fw={600} px="xs" py={6} visibleFrom="sm">
          oms-webhooks
        </Text>
        {places.map(({ path, name }) => {
          const here = pathname === path || pathname.startsWith(`${path}/`);
          return (
            <NavLink
              key={path}
              component={Link}
              to={path}
              label={name}
              active={here}
              {...(here && { 'aria-current': 'page' as const })}
              py={6}
            />
          );
        })}
      </nav>
      <Stack gap="xs">
        <ColourScheme />
        <Button
          variant="default"
          onClick={() => {
            signOut();
            queryClient.clear();
          }}
        >
          Sign out
        </Button>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          <kbd>?</kbd> shows the keys
        </Text>
      </Stack>
    </Stack>
  );
}

function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <NativeSelect
      aria-label="Colours"
      value={colorScheme}
      onChange={({ currentTarget }) => setColorScheme(currentTarget.value as 'auto' | 'light' | 'dark')}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
