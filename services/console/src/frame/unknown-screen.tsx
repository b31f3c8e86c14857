import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageHeading } from '../parts/page-heading.tsx';

/** An address that leads nowhere. */
export function Component() {
  return (
    <>
      <PageHeading title="Not found" />
      <Text>
        There is no such screen.{' '}
        <Anchor component={Link} to="/events">
          To the events
        </Anchor>
      </Text>
    </>
  );
}
