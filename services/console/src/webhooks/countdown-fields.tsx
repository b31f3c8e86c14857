import { Fieldset, Group, NumberInput, SegmentedControl, Skeleton } from '@mantine/core';
import { COUNTDOWN_CHOICES, type CountdownConfig } from '@oms-webhooks/domain/countdown';
import { lazy, Suspense } from 'react';

const CountdownPlot = lazy(() => import('./countdown-plot.tsx'));

/** Attempts by the countdown unless the settings or the webhook say otherwise. */
const USUAL_ATTEMPTS = 11;
const MOST_DRAWN = 40;

/** What each choice asks for, and what it begins with. */
const KWARGS: Record<CountdownConfig['choice'], { name: string; label: string; start?: number }[]> = {
  fixed: [{ name: 'seconds', label: 'Seconds', start: 60 }],
  linear: [
    { name: 'base', label: 'Base', start: 30 },
    { name: 'limit', label: 'Limit' },
  ],
  exponential: [
    { name: 'base', label: 'Base', start: 2 },
    { name: 'factor', label: 'Factor', start: 1 },
    { name: 'limit', label: 'Limit' },
  ],
  random: [
    { name: 'min_value', label: 'At least', start: 10 },
    { name: 'max_value', label: 'At most', start: 60 },
  ],
};

export interface CountdownFieldsProps {
  countdown: CountdownConfig;
  attempts: number | undefined;
  onChange: (countdown: CountdownConfig) => void;
  /** What the API has refused, by field. */
  faults: Record<string, string>;
}

/** The waiting rule, drawn while it is written. */
export function CountdownFields({ countdown, attempts, onChange, faults }: CountdownFieldsProps) {
  const { choice } = countdown;
  const kwargs = countdown.kwargs as Record<string, number | null>;
  const choose = (wanted: string) => {
    const started = KWARGS[wanted as CountdownConfig['choice']].filter(({ start }) => start !== undefined);
    onChange({
      choice: wanted,
      kwargs: Object.fromEntries(started.map(({ name, start }) => [name, start])),
    } as CountdownConfig);
  };
  const put = (name: string, value: number | string) => {
    const changed = { ...kwargs, [name]: Number(value) };
    if (value === '') delete changed[name];
    onChange({ choice, kwargs: changed } as CountdownConfig);
  };
  return (
    <Fieldset legend="Countdown between attempts" p="xs">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Kind of countdown"
        data={[...COUNTDOWN_CHOICES]}
        value={choice}
        onChange={choose}
      />
      <Group grow align="flex-start" my="xs">
        {KWARGS[choice].map(({ name, label, start }) => (
          <NumberInput
            key={name}
            label={label}
            min={0}
            allowDecimal={false}
            placeholder={start === undefined ? 'none' : String(start)}
            value={kwargs[name] ?? ''}
            onChange={(value) => put(name, value)}
            error={faults[`retry_countdown_config.kwargs.${name}`]}
          />
        ))}
      </Group>
      <Suspense fallback={<Skeleton height={150} />}>
        <CountdownPlot countdown={countdown} attempts={Math.min(attempts ?? USUAL_ATTEMPTS, MOST_DRAWN)} />
      </Suspense>
    </Fieldset>
  );
}
