import { durationWords } from './durations.ts';
import { useNow } from './use-now.ts';

const two = (number: number) => String(number).padStart(2, '0');

/** An instant of the API in this machine's time zone, short for today; in full, in UTC, when pointed at. */
export function Instant({ at }: { at: string | null }) {
  if (at === null) return '–';
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={at}>
      {isToday ? time : `${day} ${time}`}
    </time>
  );
}

/** How long ago, or how long until: `4 min 2 s ago`, `in 12 s`. @param past what is said instead of how long ago */
export function Away({ from: at, past }: { from: string; past?: string }) {
  const seconds = (Date.parse(at) - useNow()) / 1000;
  const words = durationWords(Math.abs(seconds));
  return (
    <time dateTime={at} title={at}>
      {seconds > 0 ? `in ${words}` : (past ?? `${words} ago`)}
    </time>
  );
}
