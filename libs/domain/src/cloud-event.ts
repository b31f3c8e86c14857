/** The attributes of a CloudEvent 1.0 by their names, without a prefix. */
export type CloudEventAttributes = Readonly<Record<string, unknown>>;

/** What a CloudEvent says, in the words of a domain event. `data` is read and checked as any other's. */
export interface ReadCloudEvent {
  eventType: string;
  model: string;
  pk: string;
  /** Names the event: `id` within `source`. */
  identity: string;
  traceparent: string | undefined;
}

const JSON_TYPE = /^application\/([^/;\s]+\+)?json\s*(;|$)/i;

/**
 * Reads a CloudEvent: `type` is the event type, `subject` names the object as `<model>/<pk>`, `source` and `id` together
 * name the event. @returns the event, or what is wrong, by attribute
 */
export function readCloudEvent(
  attributes: CloudEventAttributes,
): ReadCloudEvent | { faults: Record<string, string[]> } {
  const faults: Record<string, string[]> = {};
  const required = (name: string): string => {
    const value = attributes[name];
    if (value === undefined) faults[name] = ['This field is required.'];
    else if (typeof value !== 'string') faults[name] = ['Not a valid string.'];
    else if (value === '') faults[name] = ['This field may not be blank.'];
    else return value;
    return '';
  };
  const version = required('specversion');
  if (version !== '' && version !== '1.0') faults.specversion = [`"${version}" is not a valid choice.`];
  const [id, source, eventType, subject] = ['id', 'source', 'type', 'subject'].map(required) as [
    string,
    string,
    string,
    string,
  ];
  const slash = subject.indexOf('/');
  if (subject !== '' && (slash < 1 || slash === subject.length - 1))
    faults.subject = ['Must name the object as "<model>/<pk>", like "package/8812".'];
  const { datacontenttype, traceparent } = attributes;
  if (
    datacontenttype !== undefined &&
    !(typeof datacontenttype === 'string' && JSON_TYPE.test(datacontenttype))
  )
    faults.datacontenttype = ['Only JSON is taken.'];
  if (attributes.data_base64 !== undefined) faults.data_base64 = ['Only JSON is taken, in "data".'];
  if (Object.keys(faults).length > 0) return { faults };
  return {
    eventType,
    model: subject.slice(0, slash),
    pk: subject.slice(slash + 1),
    identity: JSON.stringify([source, id]),
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}
