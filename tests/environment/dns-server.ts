import { createSocket } from 'node:dgram';
import { Resolver, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP } from 'node:net';

/** What a name has: addresses, or one name that it is an alias of; `none` for no such name, `silence` for no answer. */
type Answer = string[] | 'none' | 'silence';

export interface NameServer {
  /** What a name has at its first look-up, at its second and so on; the last answer goes on. */
  has(name: string, ...answers: Answer[]): void;
  /** In the place of `dns.lookup`, asking this server. */
  lookUp: (
    hostname: string,
    options: LookupAllOptions,
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
  close(): Promise<void>;
}

const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
const RESPONSE = 0x8580;
const NO_SUCH_NAME = 3;
/** The place of the asked name in every message. */
const ASKED_NAME = Buffer.from([0xc0, 0x0c]);

/** A name server on loopback that answers as told. */
export async function startNameServer(): Promise<NameServer> {
  const script = new Map<string, Answer[]>();
  const asked = new Map<string, number>();
  const server = createSocket('udp4');

  /** A and AAAA are asked for apart, and belong to one look-up. */
  function answerTo(name: string, type: number): Answer {
    const answers = script.get(name) ?? ['none'];
    const times = asked.get(`${name} ${type}`) ?? 0;
    asked.set(`${name} ${type}`, times + 1);
    return answers[Math.min(times, answers.length - 1)] ?? 'none';
  }

  server.on('message', (message, { port, address }) => {
    const { name, type, question } = questionOf(message);
    const answer = answerTo(name, type);
    if (answer === 'silence') return;
    const records = answer === 'none' ? [] : recordsOf(answer, type, answerTo);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(RESPONSE | (answer === 'none' ? NO_SUCH_NAME : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    server.send(Buffer.concat([header, question, ...records]), port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 30_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);

  return {
    has(name, ...answers) {
      script.set(name, answers);
      for (const type of [TYPES.A, TYPES.AAAA]) asked.delete(`${name} ${type}`);
    },
    lookUp(hostname, _options, callback) {
      const found: LookupAddress[] = [];
      let left = 2;
      const take = (family: 4 | 6) => (error: NodeJS.ErrnoException | null, addresses: string[]) => {
        found.push(...(error ? [] : addresses.map((address) => ({ address, family }))));
        left -= 1;
        if (left > 0) return;
        if (found.length > 0) callback(null, found);
        else callback(Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' }), []);
      };
      resolver.resolve4(hostname, take(4));
      resolver.resolve6(hostname, take(6));
    },
    async close() {
      resolver.cancel();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function questionOf(message: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  return {
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at + 1),
    question: message.subarray(12, end),
  };
}

function recordsOf(
  values: string[],
  type: number,
  answerTo: (name: string, type: number) => Answer,
): Buffer[] {
  const [alias] = values;
  if (alias !== undefined && isIP(alias) === 0) {
    const name = encodedName(alias);
    const there = answerTo(alias, type);
    const addresses = typeof there === 'string' ? [] : there;
    return [record(ASKED_NAME, TYPES.CNAME, name), ...addressRecords(name, addresses, type)];
  }
  return addressRecords(ASKED_NAME, values, type);
}

function addressRecords(name: Buffer, addresses: string[], type: number): Buffer[] {
  const family = type === TYPES.A ? 4 : type === TYPES.AAAA ? 6 : 0;
  return addresses
    .filter((address) => isIP(address) === family)
    .map((address) => record(name, type, family === 4 ? ipv4Bytes(address) : ipv6Bytes(address)));
}

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, head, data]);
}

const encodedName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

const ipv4Bytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes an embedded IPv4 address as two groups.
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const head = groups(before);
  const tail = groups(after ?? '');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
