import { Button, Code, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { abortResend, listResendTasks, type ResendTask } from '../api/resend-tasks.ts';
import { Ago } from '../parts/instant.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNow } from '../parts/use-now.ts';

const LOOK_AGAIN_MS = 1000;
/** How long one that has ended stays in sight. */
const SHOWN_MS = 10 * 60_000;

const isAtWork = ({ state }: ResendTask) => state === 'READY' || state === 'WORKING';

/** Bulk resends that are at work, and those that have just ended. They go on when this page is left. */
export function ResendTasks() {
  const { data } = useQuery({
    queryKey: ['resend tasks'],
    queryFn: listResendTasks,
    refetchInterval: ({ state }) => (state.data?.results.some(isAtWork) ? LOOK_AGAIN_MS : 10 * LOOK_AGAIN_MS),
  });
  const now = useNow();
  const shown = data?.results.filter(
    (task) => isAtWork(task) || now - Date.parse(task.finished_date ?? task.created_date) < SHOWN_MS,
  );
  if (!shown?.length) return null;
  return (
    <Paper withBorder p="sm" mb="md" component="section" aria-label="Bulk resends">
      <Stack gap="sm">
        {shown.map((task) => (
          <Task key={task.id} task={task} />
        ))}
      </Stack>
    </Paper>
  );
}

function Task({ task }: { task: ResendTask }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => abortResend(task.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['resend tasks'] }),
  });
  const { id, total, done, failed } = task;
  const share = total === 0 ? 100 : Math.min(100, ((done + failed) / total) * 100);
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm">
          Resend {id} <Ago at={task.created_date} />: {WORDS[task.state]}, {done.toLocaleString('en')} of{' '}
          {task.estimated ? 'about ' : ''}
          {total.toLocaleString('en')}
          {failed > 0 && `, ${failed.toLocaleString('en')} of inactive webhooks left out`}{' '}
          {Object.entries(task.filters).map(([name, value]) => (
            <Code key={name} mr={6}>{`${name}=${value}`}</Code>
          ))}
        </Text>
        {isAtWork(task) && (
          <Button variant="default" onClick={() => mutate()} loading={isPending}>
            Abort
          </Button>
        )}
      </Group>
      <Progress value={share} aria-label={`Resend ${id}`} animated={isAtWork(task)} />
      {task.error && <Text size="sm">{task.error}</Text>}
      <Failure error={error} />
    </div>
  );
}

const WORDS = {
  READY: 'about to begin',
  WORKING: 'at work',
  FINISHED: 'finished',
  FAILED: 'failed',
  ABORTED: 'aborted',
};
