import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { positive } from '../event-options.ts';
import { followTask, TASKS, type Task } from '../follow-task.ts';
import { seconds, type Page } from '../shown-event.ts';
import { table } from '../table.ts';

export function tasksCommand(): Command {
  const tasks = new Command('tasks').description('bulk resends, and how far they are');
  tasks
    .command('list')
    .description('newest first')
    .action(async (_options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const { text, json } = await api.get<Page<Task>>(TASKS);
      out.print(out.json ? text : table(HEADINGS, json.results.map(taskRow), out.width));
    });
  tasks
    .command('show <id>')
    .option('--wait', 'until its end')
    .action(async (id: string, { wait }: { wait?: boolean }, command: Command) => {
      const context = contextOf(command);
      if (wait) return followTask(positive(id), context);
      const { text, json } = await context.api.get<Task>(`${TASKS}${positive(id)}/`);
      context.out.print(context.out.json ? text : table(HEADINGS, [taskRow(json)]));
    });
  tasks
    .command('abort <id>')
    .description('end one; what has been sent again stays so')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const { text, json } = await api.send<Task>('POST', `${TASKS}${positive(id)}/abort/`);
      out.print(out.json ? text : table(HEADINGS, [taskRow(json)]));
    });
  return tasks;
}

const HEADINGS = ['ID', 'CREATED', 'ACCOUNT', 'STATE', 'TOTAL', 'DONE', 'FAILED', 'RATE', 'FILTERS'];

const taskRow = (task: Task) => [
  task.id,
  seconds(task.created_date),
  task.account,
  task.state,
  task.estimated ? `~${task.total}` : task.total,
  task.done,
  task.failed,
  `${task.rate}/s`,
  Object.entries(task.filters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
];
