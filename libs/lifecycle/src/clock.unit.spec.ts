import { getEventListeners } from 'node:events';
import { pause } from './clock.ts';

describe('pause', () => {
  it('ends when its time has come', async () => {
    await expect(pause(1)).resolves.toBeUndefined();
  });

  it('ends at once when the signal aborts, before or during', async () => {
    const stopping = new AbortController();
    const waiting = pause(60_000, stopping.signal);
    stopping.abort();
    await waiting;
    await pause(60_000, stopping.signal);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await pause(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
