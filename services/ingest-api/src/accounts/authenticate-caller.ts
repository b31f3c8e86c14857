import {
  ApiError,
  authenticateByToken,
  RateLimiter,
  throttled,
  type FindAccount,
  type UrlTableOptions,
} from '@oms-webhooks/http';

/** Failed authentications of one address: room for a misconfigured client, none for guessing. */
const FAILURES = { perSecond: 10, burst: 100 };

/**
 * Who makes a request, by its token, as often as it may: `rateLimit` requests a second per token, with a burst of twice
 * that. An address that fails too often is refused before anything is looked up. Both count in this process alone.
 */
export function authenticateCaller(
  find: FindAccount,
  rateLimit: number | undefined,
): UrlTableOptions['authenticate'] {
  const requests =
    rateLimit === undefined ? undefined : new RateLimiter({ perSecond: rateLimit, burst: rateLimit * 2 });
  const failures = new RateLimiter(FAILURES);
  const refuseFor = (seconds: number) => {
    if (seconds > 0) throw throttled(seconds);
  };
  return async ({ authorization }, address) => {
    refuseFor(failures.wait(address));
    const caller = await authenticateByToken(authorization, find).catch((error: unknown) => {
      if (error instanceof ApiError) failures.take(address);
      throw error;
    });
    refuseFor(requests?.take(caller.tokenId) ?? 0);
    return caller;
  };
}
