import { Os1Error, type Route, type View } from '@oms-webhooks/http';

/** What the registry refuses, and the last four digits of its error code, the first three of which are the status. */
const KINDS = {
  'invalid field': '4001',
  tenant: '4002',
  'permissions missing': '4031',
  "another app's": '4032',
  'no app': '4041',
  'unknown topic': '4042',
  'unknown events': '4043',
  'unknown subscription': '4044',
  'app exists': '4091',
  'app id taken': '4092',
  'events exist': '4093',
} as const;

interface Fault {
  field: string;
  message: string;
}

/** A rule of the registry forbids it. */
class RegistryRefusal extends Error {
  override name = 'RegistryRefusal';
  readonly kind: keyof typeof KINDS;
  readonly faults: readonly Fault[];

  constructor(kind: keyof typeof KINDS, description: string, faults: readonly Fault[] = []) {
    super(description);
    this.kind = kind;
    this.faults = faults;
  }
}

export const refuse = (kind: keyof typeof KINDS, description: string, faults?: readonly Fault[]) =>
  new RegistryRefusal(kind, description, faults);

export const refuseField = (field: string, ...messages: string[]) =>
  refuse(
    'invalid field',
    'The request is not valid.',
    messages.map((message) => ({ field, message })),
  );

/** The same routes, whose refusals are answered with their codes. */
export function answeringRefusals(routes: readonly Route[]): Route[] {
  const answering =
    (view: View): View =>
    async (request) => {
      try {
        return await view(request);
      } catch (error) {
        if (error instanceof RegistryRefusal)
          throw new Os1Error(KINDS[error.kind], error.message, error.faults);
        throw error;
      }
    };
  return routes.map(({ path, ...views }) => ({
    path,
    ...Object.fromEntries(Object.entries(views).map(([method, view]) => [method, answering(view)])),
  }));
}
