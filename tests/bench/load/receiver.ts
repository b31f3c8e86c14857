import { fork, type ChildProcess } from 'node:child_process';

type Message = { port: number } | { reached: number } | { arrivals: [string, number][] };

/** The receiver's process, as the bench talks to it. */
export interface Receiver {
  url: string;
  /** Counts from now on; the promise resolves when so many requests have come. */
  expect(count: number): Promise<void>;
  /** Key of an event → when it came first, ms since 1970 with fractions; forgets them. */
  arrivals(): Promise<Map<string, number>>;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(new URL('./receiver-process.js', import.meta.url));
  const { port } = await answer(child, 'port');
  return {
    url: `http://127.0.0.1:${port}`,
    async expect(count) {
      child.send({ expect: count });
      await answer(child, 'reached');
    },
    async arrivals() {
      child.send({ arrivals: true });
      return new Map((await answer(child, 'arrivals')).arrivals);
    },
    close: () => child.disconnect(),
  };
}

/** The next message that has this member. */
function answer<Name extends 'port' | 'reached' | 'arrivals'>(
  child: ChildProcess,
  name: Name,
): Promise<Extract<Message, Record<Name, unknown>>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the receiver has ended'));
    const take = (message: Message) => {
      if (!(name in message)) return;
      child.off('message', take).off('exit', ended);
      resolve(message as Extract<Message, Record<Name, unknown>>);
    };
    child.on('message', take).once('exit', ended);
  });
}
