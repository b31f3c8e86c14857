import { EntitySchema } from 'typeorm';
import type { Instant, JsonObject } from '@oms-webhooks/domain';

/** An event type that was made through the API. */
export interface EventTypeRow {
  id: number;
  name: string;
  description: string;
  createdDate: Instant;
  modifiedDate: Instant;
  versions: EventTypeSchema[];
}

/** A version of an event type: what its payloads are like. Never changed. */
export interface EventTypeSchema {
  eventTypeId: number;
  version: number;
  /** JSON Schema of the payload; null: any payload. */
  schema: JsonObject | null;
  example: unknown;
  createdDate: Instant;
}

export const eventTypeEntity = new EntitySchema<EventTypeRow>({
  name: 'event_type',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    name: { type: 'varchar', length: 124 },
    description: { type: 'text' },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    modifiedDate: { name: 'modified_date', type: 'timestamptz', default: () => 'now()' },
  },
  relations: {
    versions: { type: 'one-to-many', target: 'event_type_schema', inverseSide: 'eventType' },
  },
});

export const eventTypeSchemaEntity = new EntitySchema<EventTypeSchema & { eventType: EventTypeRow }>({
  name: 'event_type_schema',
  columns: {
    eventTypeId: { name: 'event_type_id', type: 'int', primary: true },
    version: { type: 'int', primary: true },
    schema: { type: 'json', nullable: true },
    example: { type: 'json', nullable: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
  },
  relations: {
    eventType: {
      type: 'many-to-one',
      target: 'event_type',
      inverseSide: 'versions',
      joinColumn: { name: 'event_type_id' },
      onDelete: 'CASCADE',
    },
  },
});
