import { useEffect, useState } from 'react';
import { serverNow } from '../api/server-clock.ts';

/** The server's time in milliseconds; the component is drawn again as it goes on. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const ticking = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(ticking);
  }, [everyMs]);
  return now;
}
