import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { executeSetup, findSetupState, findWhetherRequired, type SetupState } from '../api/setup.ts';
import { Answer } from '../parts/answer.tsx';
import { Failure } from '../parts/failure.tsx';
import { PageHeading } from '../parts/page-heading.tsx';

const LOOK_AGAIN_MS = 1000;

/** Registering the webhooks of the settings at the Omnitron service. */
export function Component() {
  const client = useQueryClient();
  const state = useQuery({
    queryKey: ['setup', 'state'],
    queryFn: findSetupState,
    refetchInterval: ({ state: { data } }) =>
      data?.result === 'WORKING' ? LOOK_AGAIN_MS : 10 * LOOK_AGAIN_MS,
  });
  const result = state.data?.result;
  const required = useQuery({
    // Asked for again when a run has come to its end.
    queryKey: ['setup', 'required', result],
    queryFn: findWhetherRequired,
    enabled: result !== undefined && result !== 'WORKING',
  });
  const run = useMutation({
    mutationFn: executeSetup,
    onSuccess: () => client.invalidateQueries({ queryKey: ['setup'] }),
  });
  return (
    <>
      <PageHeading title="Setup">
        <Button onClick={() => run.mutate()} loading={run.isPending || result === 'WORKING'}>
          Run setup
        </Button>
      </PageHeading>
      <Stack gap="sm" maw={640}>
        <Text size="sm">
          Setup registers the webhooks of <code>OMNITRON_WEBHOOKS</code> that the Omnitron service does not
          have yet. Running it again changes nothing.
        </Text>
        <Failure error={run.error} />
        <Answer query={state}>
          {(data) => (
            <dl className="facts">
              <dt>The last run</dt>
              <dd>
                <span role="status">{WORDS[data.result]}</span>
              </dd>
              <dt>Is it required?</dt>
              <dd>{required.data ? ANSWERS[required.data.result] : required.error ? '–' : '…'}</dd>
            </dl>
          )}
        </Answer>
        <Failure error={required.error} />
      </Stack>
    </>
  );
}

const ANSWERS = { true: 'yes: not all of its webhooks are registered', false: 'no: nothing is missing' };

const WORDS: Record<SetupState, string> = {
  READY: 'There has been none.',
  WORKING: 'It is at work.',
  FINISHED: 'It has finished.',
  FAILED: 'It has failed; the log of the ingest API says why.',
  ABORTED: 'It was cut short.',
};
