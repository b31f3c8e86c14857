import { Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

/** The name of a screen, in the page and in the browser's tab. It takes the focus, so that a screen reader says where one is. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · oms-webhooks`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <Group justify="space-between" mb="md" gap="xs">
      <Title order={1} ref={heading} tabIndex={-1}>
        {title}
      </Title>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
