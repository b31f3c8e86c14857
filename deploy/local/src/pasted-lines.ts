/** What the lines need to know. */
export interface PastedLines {
  baseUrl: string;
  token: string;
  /** Where the webhook's events go. */
  targetUrl: string;
  secret: string;
}

/**
 * Three lines for a shell: create a webhook, publish an event to it, list the events. They work in this order, in any
 * shell session, and again on a later day: each run makes a webhook of its own (the target has the time in it), and the
 * second line asks for the newest one.
 */
export function pastedLines({ baseUrl, token, targetUrl, secret }: PastedLines): string[] {
  const auth = `-H 'Authorization: Token ${token}'`;
  const json = `${auth} -H 'Content-Type: application/json'`;
  const retry = '"retry_countdown_config":{"choice":"fixed","kwargs":{"seconds":5}}';
  const target = `"target_url":"${targetUrl}'"$(date +%s)"'"`;
  const newest = `$(curl -s '${baseUrl}/whisperer/hooks/?page_size=1' ${auth} | grep -o '"id": *[0-9]*' | head -n 1 | tr -dc 0-9)`;
  const data = '{"id":8812,"number":"2406670106311153P1","state":"Shipped"}';
  const instance = `"instance":{"pk":8812,"model":"package","data":${data}}`;
  return [
    `curl -s ${baseUrl}/whisperer/hooks/ ${json} -d '{"event_type":"package.created",${target},"secret_key":"${secret}",${retry}}'`,
    `curl -s ${baseUrl}/api/v1/oms/oms_hook_events/publish-event/ -w 'HTTP %{http_code}\\n' ${json} -d '{"hook":'"${newest}"',${instance}}'`,
    `curl -s '${baseUrl}/api/v1/oms/oms_hook_events/?page_size=3' ${auth}`,
  ];
}
