import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../../../tests/environment/target.ts';
import { emitterByKafka, emitterByRest, type DomainEvent } from './emit.ts';
import { startOmsService, type OmsService } from './oms-service.ts';
import { playLives } from './play-lives.ts';

const BROKERS = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const TOKEN = 'of-the-domain-service';

describe('The example OMS service', () => {
  let service: OmsService;
  beforeEach(async () => {
    service = await startOmsService({ port: 0, token: 'look-up' });
  });
  afterEach(() => service.close());

  const play = (emit: (event: DomainEvent, key: string) => Promise<void>, withData: boolean) =>
    playLives({
      service,
      emitter: { emit },
      packages: [9001, 9002],
      withData,
      run: 'run',
      pause: () => Promise.resolve(),
    });
  const lookUp = async (path: string) => {
    const response = await fetch(`${service.url}${path}`, { headers: { Authorization: 'Token look-up' } });
    return response.json() as Promise<{ state: { name: string } }>;
  };

  describe('over REST', () => {
    let server: Server;
    let url: string;
    let taken: { key: unknown; authorization: unknown; event: DomainEvent }[];
    let answers: number[];

    beforeEach(async () => {
      taken = [];
      answers = [];
      server = createServer((request, response) => {
        void json(request).then((event) => {
          const status = answers.shift() ?? 202;
          const { authorization, 'idempotency-key': key } = request.headers;
          if (request.url === '/api/v1/oms/events/')
            taken.push({ key, authorization, event: event as DomainEvent });
          response.writeHead(status).end('{}');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      server.close();
      server.closeAllConnections();
    });

    it('tells of each change when its resource shows it', async () => {
      const { emit } = emitterByRest({ url, token: TOKEN });
      let isPacked: unknown;
      await play(async (event, key) => {
        await emit(event, key);
        if (event.event_type === 'package.status.packed')
          isPacked ??= (await lookUp('/api/v1/oms/packages/9001/')).state.name;
      }, false);
      expect(isPacked).toBe('Packed');
      expect(taken).toHaveLength(16);
      expect(new Set(taken.map(({ key }) => key)).size).toBe(16);
      expect(taken[0]).toEqual({
        key: 'run/9001/1',
        authorization: `Token ${TOKEN}`,
        event: { event_type: 'package.created', instance: { pk: 9001, model: 'package' } },
      });
      expect(await lookUp('/api/v1/oms/shipments/9002/')).toMatchObject({
        id: 9002,
        state: { name: 'Delivered' },
      });
    });

    it('sends what was not taken again, by the same key, and gives up what is refused', async () => {
      const { emit } = emitterByRest({ url, token: TOKEN });
      const event = { event_type: 'package.created', instance: { pk: 1, model: 'package' } };
      answers = [503, 202];
      await emit(event, 'key');
      expect(taken.map(({ key }) => key)).toEqual(['key', 'key']);
      answers = [400];
      await expect(emit(event, 'other')).rejects.toThrow('POST /api/v1/oms/events/ answered 400: {}');
    });
  });

  it('tells over Kafka the same, keyed by the object, with the resource where that is asked for', async () => {
    const topicPrefix = `example-${randomBytes(4).toString('hex')}.`;
    const topic = `${topicPrefix}oms.events`;
    const kafka = new Kafka({ brokers: BROKERS, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
    const { emit, close } = await emitterByKafka({ brokers: BROKERS, topicPrefix });
    const told: { key: string; value: DomainEvent & { idempotency_key: string } }[] = [];
    const consumer = kafka.consumer({ groupId: topic });
    try {
      await play(emit, true);
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage({ message: { key, value } }) {
          told.push({ key: String(key), value: JSON.parse(String(value)) });
          return Promise.resolve();
        },
      });
      await eventually(() => told.length === 16, { withinMs: 25_000, what: 'all events on the topic' });
    } finally {
      await Promise.all([consumer.disconnect(), close()]);
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    }
    const ofPackage = told.filter(({ key }) => key === 'package/9001').map(({ value }) => value);
    expect(ofPackage.map(({ event_type }) => event_type)).toEqual([
      'package.created',
      'package.status.packed',
      'package.shipment.awb_number',
      'package.status.shipped',
    ]);
    expect(ofPackage[0]).toMatchObject({
      idempotency_key: 'run/9001/1',
      instance: { pk: 9001, model: 'package', data: { id: 9001, state: { name: 'Created' } } },
    });
  });
});
