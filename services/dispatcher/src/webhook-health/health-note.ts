import { isDelivered, type DispatchedEvent, type NextStep, type Outcome } from '@oms-webhooks/domain';

/** What the attempts of one webhook, in their order, say about its health. */
export interface HealthNote {
  /** An event was exhausted before the last delivery: that delivery ended an outage, however short. */
  outageEnded: boolean;
  delivered: boolean;
  /** After the last delivery. */
  failed: boolean;
  exhausted: number;
}

/**
 * What one attempt says. A look-up that failed is nobody's fault but the OMS API's. A recovered or resent event that is
 * exhausted once more is not counted again.
 * @param next what followed; undefined when the lease was lost
 */
export function healthNote(
  outcome: Outcome,
  cause: DispatchedEvent['cause'],
  next: NextStep | undefined,
): HealthNote | undefined {
  if (outcome.kind === 'failed' && outcome.failure === 'lookup') return undefined;
  const delivered = isDelivered(outcome);
  const exhausted = next?.state === 'exhausted' && cause === 'countdown';
  return { outageEnded: false, delivered, failed: !delivered, exhausted: exhausted ? 1 : 0 };
}

/** Two notes in a row are one. */
export function joined(earlier: HealthNote | undefined, later: HealthNote): HealthNote {
  if (!earlier) return later;
  if (later.delivered) {
    return { ...later, outageEnded: earlier.outageEnded || earlier.exhausted > 0 || later.outageEnded };
  }
  return { ...earlier, failed: true, exhausted: earlier.exhausted + later.exhausted };
}
