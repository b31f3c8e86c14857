import { regressions, type Baseline } from './regressions.ts';

const baseline: Baseline = {
  'delivered, of the raw loop': { value: 0.2, better: 'higher', noise: 1.5 },
  'CPU an event': { value: 0.8, better: 'lower', noise: 1.5 },
};
const figure = (name: string, value: number) => ({ name, value, unit: '' });

describe('regressions', () => {
  it('are what is worse than the baseline by more than its noise', () => {
    const within = [figure('delivered, of the raw loop', 0.14), figure('CPU an event', 1.19)];
    expect(regressions(within, baseline)).toEqual([]);
    const beyond = [figure('delivered, of the raw loop', 0.13), figure('CPU an event', 1.21)];
    expect(regressions(beyond, baseline)).toEqual([
      'delivered, of the raw loop is 0.130, was 0.2, noise ends at 0.133',
      'CPU an event is 1.210, was 0.8, noise ends at 1.200',
    ]);
  });

  it('are never what is better, or what the baseline does not know', () => {
    expect(regressions([figure('CPU an event', 0.1), figure('start', 9)], baseline)).toEqual([]);
  });
});
