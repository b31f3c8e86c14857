/** How far the server's clock is ahead of this machine's: countdowns are to instants of the server. */
let aheadMs = 0;

/** Learns from the `Date` of an answer. Its whole seconds are good to half a second, which is as much as a countdown shows. */
export function noteServerDate(date: string | null): void {
  const at = date === null ? NaN : Date.parse(date);
  if (!Number.isNaN(at)) aheadMs = at + 500 - Date.now();
}

export const serverNow = (): number => Date.now() + aheadMs;
