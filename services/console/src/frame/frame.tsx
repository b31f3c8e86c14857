import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useSignedIn } from '../api/session.ts';
import { SignInScreen } from '../sign-in/sign-in-screen.tsx';
import { Keys } from './keys.tsx';
import { Navigation } from './navigation.tsx';

/** What is around every screen: where one can go, and, before that, signing in. */
export function Frame() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const signedIn = useSignedIn();
  useEffect(close, [pathname, close]);
  if (!signedIn) return <SignInScreen />;
  return (
    <AppShell
      header={{ height: { base: 44, sm: 0 } }}
      navbar={{ width: 176, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" px="sm">
        <Group h="100%" gap="xs">
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label="Menu"
            aria-expanded={opened}
            aria-controls="navigation"
          />
          <Text fw={600}>oms-webhooks</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" id="navigation">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Outlet />
      </AppShell.Main>
      <Keys />
    </AppShell>
  );
}
