/**
 * A value that is looked up at most once in `ageMs`, however many ask for it at the same time. What fails is asked for
 * anew by the next one.
 */
export function sharedFor<T>(
  ageMs: number,
  lookUp: () => Promise<T>,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let known: Promise<T> | undefined;
  let at = -Infinity;
  return () => {
    if (known && now() - at < ageMs) return known;
    at = now();
    const asked = lookUp();
    asked.catch(() => {
      if (known === asked) known = undefined;
    });
    return (known = asked);
  };
}
