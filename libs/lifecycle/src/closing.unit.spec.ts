import { closingInReverse } from './closing.ts';
import { manualClock } from './manual-clock.ts';

function recorded() {
  const lines: string[] = [];
  const note = (message: string, fields: Record<string, unknown> = {}) =>
    void lines.push(`${message}: ${String(fields.what)}: ${(fields.error as Error).message}`);
  return { lines, log: { info: note, warn: note, error: note } };
}

describe('closingInReverse', () => {
  it('closes what was opened last first, and each only once', async () => {
    const order: string[] = [];
    const { onClose, closeAll } = closingInReverse(recorded());
    for (const name of ['database', 'bus', 'server']) onClose(name, () => void order.push(name));
    expect(closeAll()).toBe(closeAll());
    await closeAll();
    expect(order).toEqual(['server', 'bus', 'database']);
  });

  it('goes on past a close that fails and past one that hangs', async () => {
    const clock = manualClock();
    const { lines, log } = recorded();
    const { onClose, closeAll } = closingInReverse({ log, clock });
    let closed = false;
    onClose('database', () => void (closed = true));
    onClose('bus', () => new Promise(() => undefined), 2_000);
    onClose('server', () => {
      throw new Error('already closed');
    });
    const all = closeAll();
    await clock.advance(1_999);
    expect(closed).toBe(false);
    await clock.advance(1);
    await all;
    expect(closed).toBe(true);
    expect(lines).toEqual([
      'closing failed: server: already closed',
      'closing failed: bus: not closed within 2000 ms',
    ]);
  });

  it('closes at once what is opened when closing has begun', async () => {
    const order: string[] = [];
    const { onClose, closeAll } = closingInReverse(recorded());
    const all = closeAll();
    onClose('late', () => void order.push('late'));
    await all;
    await closeAll();
    expect(order).toEqual(['late']);
  });
});
