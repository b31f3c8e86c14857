import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';
import type { PublisherApp } from './publisher-app.ts';

export const REGISTRY_TOPICS = ['participant', 'entity', 'container'] as const;
export type RegistryTopic = (typeof REGISTRY_TOPICS)[number];

/** What a publisher app offers to subscribers: the messages of a topic that its filter lets through. */
export interface PublishedEvent {
  id: number;
  app: PublisherApp;
  appId: string;
  topic: RegistryTopic;
  name: string;
  type: string;
  description: string;
  /** `eventType` of the messages that it is tried on. */
  eventType: string;
  /** JSON Logic; null: every message. */
  filterLogic: unknown;
  getApiPath: string | null;
  createdDate: Instant;
  modifiedDate: Instant;
}

export const publishedEventEntity = new EntitySchema<PublishedEvent>({
  name: 'published_event',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    appId: { name: 'app_id', type: 'uuid' },
    topic: { type: 'text' },
    name: { type: 'varchar', length: 124 },
    type: { type: 'text' },
    description: { type: 'text' },
    eventType: { name: 'event_type', type: 'varchar', length: 124 },
    filterLogic: { name: 'filter_logic', type: 'json', nullable: true },
    getApiPath: { name: 'get_api_path', type: 'text', nullable: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    modifiedDate: { name: 'modified_date', type: 'timestamptz', default: () => 'now()' },
  },
  relations: {
    app: { type: 'many-to-one', target: 'publisher_app', joinColumn: { name: 'app_id' }, nullable: false },
  },
});
