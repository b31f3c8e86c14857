import { Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { findWebhookHistory, type WebhookHistory } from '../api/webhook-history.ts';
import { Answer } from '../parts/answer.tsx';
import { plotColours, tooltipStyle } from './plot-style.ts';

const LOOK_AGAIN_MS = 10_000;

/** What came of the attempts, and how long they took, over the last hours. */
export default function HistoryPlots({ id }: { id: string }) {
  const [hours, setHours] = useState('3');
  const history = useQuery({
    queryKey: ['webhook', id, 'history', hours],
    queryFn: () => findWebhookHistory(id, Number(hours)),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <Group justify="space-between" mt="lg" mb="xs">
        <Title order={2}>Attempts</Title>
        <SegmentedControl
          size="xs"
          aria-label="Time"
          value={hours}
          onChange={setHours}
          data={[
            { value: '1', label: '1 h' },
            { value: '3', label: '3 h' },
            { value: '24', label: '24 h' },
            { value: '168', label: '7 d' },
          ]}
        />
      </Group>
      <Answer query={history}>
        {(data) =>
          data.buckets.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing was sent in this time.
            </Text>
          ) : (
            <Plots history={data} end={history.dataUpdatedAt} />
          )
        }
      </Answer>
    </>
  );
}

/** @param end milliseconds; the time that the history was asked for */
function Plots({ history: { buckets, hours }, end }: { history: WebhookHistory; end: number }) {
  const rows = buckets.map(({ from, attempts, delivered, duration_ms: { p50, p95 } }) => ({
    at: Date.parse(from),
    delivered,
    failed: attempts - delivered,
    p50,
    p95,
  }));
  const time = (
    <XAxis
      dataKey="at"
      type="number"
      scale="time"
      domain={[end - hours * 3_600_000, end]}
      tickFormatter={(at: number) => timeWords(at, hours)}
      stroke={plotColours.axis}
      fontSize={11}
      minTickGap={40}
    />
  );
  const pointed = (
    <Tooltip
      {...tooltipStyle}
      isAnimationActive={false}
      labelFormatter={(at) => timeWords(Number(at), hours)}
    />
  );
  const total = rows.reduce((sum, row) => sum + row.failed, 0);
  return (
    <>
      <figure className="plot" aria-label={`Attempts over time: ${total} failed`}>
        <ResponsiveContainer width="100%" height={120}>
          <BarChart data={rows} margin={{ left: -18 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke={plotColours.grid} />
            {time}
            <YAxis allowDecimals={false} stroke={plotColours.axis} fontSize={11} />
            {pointed}
            <Bar
              dataKey="delivered"
              stackId="a"
              fill={plotColours.good}
              isAnimationActive={false}
              barSize={6}
            />
            <Bar dataKey="failed" stackId="a" fill={plotColours.bad} isAnimationActive={false} barSize={6} />
          </BarChart>
        </ResponsiveContainer>
        <figcaption>
          delivered <i data-colour="good" /> and failed <i data-colour="bad" /> attempts
        </figcaption>
      </figure>
      <figure className="plot" aria-label="Latency over time">
        <ResponsiveContainer width="100%" height={120}>
          <LineChart data={rows} margin={{ left: -18 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke={plotColours.grid} />
            {time}
            <YAxis stroke={plotColours.axis} fontSize={11} />
            {pointed}
            <Line dataKey="p50" stroke={plotColours.calm} dot={{ r: 2 }} isAnimationActive={false} />
            <Line dataKey="p95" stroke={plotColours.warm} dot={{ r: 2 }} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
        <figcaption>
          latency in ms: half <i data-colour="calm" />, and 95 of 100 <i data-colour="warm" />, are faster
        </figcaption>
      </figure>
    </>
  );
}

const timeWords = (at: number, hours: number) =>
  new Date(at).toLocaleString('en-GB', {
    ...(hours > 24 && { day: '2-digit', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
  });
