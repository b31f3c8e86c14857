import { Text } from '@mantine/core';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { countdownSeconds, type CountdownConfig } from '@oms-webhooks/domain/countdown';
import { durationWords } from '../parts/durations.ts';
import { plotColours, tooltipStyle } from './plot-style.ts';

/** The middle of what `random` may draw. */
const MIDDLE = 0.5;

/** How long each attempt waits after the one before, by the formula that the dispatcher uses. */
export default function CountdownPlot({
  countdown,
  attempts,
}: {
  countdown: CountdownConfig;
  attempts: number;
}) {
  const waits = Array.from({ length: Math.max(0, attempts - 1) }, (_, n) => ({
    attempt: n + 2,
    seconds: countdownSeconds(countdown, n, MIDDLE),
  }));
  const total = waits.reduce((sum, { seconds }) => sum + seconds, 0);
  const words = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, the last one ${durationWords(total)} after the first`;
  return (
    <figure className="plot" aria-label={`Countdown: ${words}`}>
      <ResponsiveContainer width="100%" height={150}>
        <BarChart data={waits} margin={{ left: 4 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke={plotColours.grid} />
          <XAxis dataKey="attempt" stroke={plotColours.axis} fontSize={11} />
          <YAxis
            stroke={plotColours.axis}
            fontSize={11}
            width={84}
            tickFormatter={(seconds: number) => durationWords(seconds)}
          />
          <Tooltip
            {...tooltipStyle}
            isAnimationActive={false}
            labelFormatter={(attempt) => `before attempt ${Number(attempt)}`}
            formatter={(seconds) => [durationWords(Number(seconds)), 'wait']}
          />
          <Bar dataKey="seconds" fill={plotColours.calm} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
      <Text size="sm" role="status" component="figcaption">
        {words}
        {countdown.choice === 'random' && ', on average'}
      </Text>
    </figure>
  );
}
