import { agoWords, untilWords } from './durations.ts';
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

/** How long ago the instant was: `4 min 2 s ago`. */
export const Ago = ({ at }: { at: string }) => <Away at={at} words={agoWords} />;

/** How long until the instant: `in 12 s`, and `due` from then on. */
export const Until = ({ at }: { at: string }) => <Away at={at} words={untilWords} />;

/** How far away an instant is, as the time goes on. @param words of the instant less now, in milliseconds */
function Away({ at, words }: { at: string; words: (awayMs: number) => string }) {
  return (
    <time dateTime={at} title={at}>
      {words(Date.parse(at) - useNow())}
    </time>
  );
}
