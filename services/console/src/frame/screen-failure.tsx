import { Button, Center } from '@mantine/core';
import { useRouteError } from 'react-router';
import { Failure } from '../parts/failure.tsx';

/** A screen that could not be drawn or loaded, as after an upgrade of the server, whose scripts have other names. */
export function ScreenFailure() {
  const error = useRouteError();
  return (
    <Center p="xl">
      <Failure error={error instanceof Error ? error : new Error(String(error))}>
        <Button onClick={() => location.reload()}>Load again</Button>
      </Failure>
    </Center>
  );
}
