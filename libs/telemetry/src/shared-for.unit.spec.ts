import { sharedFor } from './shared-for.ts';

describe('sharedFor', () => {
  it('looks up once for all who ask within its age, and anew afterwards', async () => {
    let now = 0;
    let asked = 0;
    const value = sharedFor(
      1000,
      () => Promise.resolve(++asked),
      () => now,
    );
    expect(await Promise.all([value(), value()])).toEqual([1, 1]);
    now = 999;
    expect(await value()).toBe(1);
    now = 1000;
    expect(await value()).toBe(2);
  });

  it('does not keep a failure', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('there')];
    const value = sharedFor(1000, () => answers.shift() as Promise<string>);
    await expect(value()).rejects.toThrow('away');
    expect(await value()).toBe('there');
  });
});
