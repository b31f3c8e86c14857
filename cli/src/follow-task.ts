import { setTimeout as pause } from 'node:timers/promises';
import type { Answered } from './api.ts';
import type { Context } from './context.ts';
import { EXIT, Failure } from './failure.ts';

export const TASKS = '/api/v1/oms/tasks/';

/** A bulk resend as the API shows it. */
export interface Task {
  id: number;
  state: 'READY' | 'WORKING' | 'FINISHED' | 'FAILED' | 'ABORTED';
  total: number;
  done: number;
  failed: number;
  created_date: string;
  estimated: boolean;
  rate: number;
  filters: Record<string, string>;
  account: string;
  error: string | null;
}

const LOOK_MS = 500;
const AWAY_MS = 3000;

/** Shows how far a task is, until its end. It goes on without us: Ctrl-C ends the looking alone. */
export async function followTask(id: number, { api, out }: Context): Promise<void> {
  process.once('SIGINT', () => {
    out.tell(`Task ${id} goes on; oms-webhooks tasks show ${id}, oms-webhooks tasks abort ${id}`);
    process.exit(EXIT.failed);
  });
  for (;;) {
    const answered = await look();
    if (!answered) continue;
    const { text, json: task } = answered;
    if (task.state === 'READY' || task.state === 'WORKING') {
      out.progress(`${task.done + task.failed} of ${task.estimated ? 'about ' : ''}${task.total} …`);
      await pause(LOOK_MS);
      continue;
    }
    if (out.json) out.print(text);
    if (task.state !== 'FINISHED')
      throw new Failure(
        `Task ${id} is ${task.state.toLowerCase()} after ${task.done} events. ${task.error ?? ''}`.trim(),
      );
    if (!out.json) out.print(summary(task));
    return;
  }

  /** While the API is away, which a task survives, there is nothing to see. */
  async function look(): Promise<Answered<Task> | undefined> {
    try {
      return await api.get<Task>(`${TASKS}${id}/`);
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== EXIT.unavailable) throw error;
      out.progress('the API is away, waiting …');
      await pause(AWAY_MS);
      return undefined;
    }
  }
}

function summary({ done, failed }: Task): string {
  const left = failed === 0 ? '' : ` ${failed} were not, since their webhook is not active.`;
  return `${done} event${done === 1 ? '' : 's'} sent again.${left}`;
}
