import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('offers its own metrics and those of the process as text', async () => {
    const metrics = createMetrics();
    metrics.counter('oms_attempts_total', 'requests sent', ['outcome']).inc({ outcome: 'delivered' });
    metrics.gauge('oms_backlog_events', 'events that are due', { collect: (gauge) => gauge.set(7) });
    metrics.histogram('oms_attempt_seconds', 'duration of a request', { buckets: [0.1, 1] }).observe(0.5);
    const text = await metrics.text();
    expect(text).toContain('oms_attempts_total{outcome="delivered"} 1');
    expect(text).toContain('oms_backlog_events 7');
    expect(text).toContain('oms_attempt_seconds_bucket{le="1"} 1');
    expect(text).toContain('process_resident_memory_bytes');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('answers a scrape without the values that cannot be looked up, and with them when they can be again', async () => {
    const metrics = createMetrics();
    let away = false;
    const collect = (gauge: { set: (value: number) => void }) => {
      if (away) throw new Error('away');
      gauge.set(7);
    };
    metrics.gauge('oms_due_events', 'events that are due', { collect });
    metrics.counter('oms_attempts_total', 'requests sent');
    const shown = async () => (await metrics.text()).split('\n').filter((line) => line.startsWith('oms_'));
    expect(await shown()).toEqual(['oms_due_events 7', 'oms_attempts_total 0']);
    away = true;
    expect(await shown()).toEqual(['oms_attempts_total 0']);
    away = false;
    expect(await shown()).toEqual(['oms_due_events 7', 'oms_attempts_total 0']);
  });

  it('keeps registries apart', () => {
    createMetrics().counter('oms_attempts_total', 'requests sent');
    expect(() => createMetrics().counter('oms_attempts_total', 'requests sent')).not.toThrow();
  });
});
