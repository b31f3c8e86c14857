/** Prometheus' text format, read: what a service exports. */
export interface Exposition {
  /** Name → type, of every metric that is announced, with or without a value. */
  types: Map<string, string>;
  samples: { name: string; labels: Record<string, string>; value: number }[];
  /** The sum over all samples of this name that have these labels. */
  sum(name: string, labels?: Record<string, string>): number;
}

export async function scrape(url: string): Promise<Exposition> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status}`);
  return exposition(await response.text());
}

function exposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples: Exposition['samples'] = [];
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\w+) (\w+)$/.exec(line);
    if (type) types.set(type[1]!, type[2]!);
    const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample)
      samples.push({ name: sample[1]!, labels: labelsIn(sample[2] ?? ''), value: Number(sample[3]) });
  }
  return {
    types,
    samples,
    sum: (name, labels = {}) =>
      samples
        .filter((sample) => sample.name === name)
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0),
  };
}

const labelsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name!, value!]),
  );
