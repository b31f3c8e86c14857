import type { ConfiguredEventTypes } from '@oms-webhooks/config';
import { readEventTypes, SharedReads, type StoredEventType } from '@oms-webhooks/db';
import {
  compileEventSchema,
  EVENT_CATALOGUE,
  eventTypeNamed,
  type DataCheck,
  type JsonObject,
} from '@oms-webhooks/domain';
import type { Pool } from 'pg';

/** Age at which the stored types are read again, should a notice of change have been lost. */
const MAX_AGE_MS = 10_000;

/** What may happen, and what its payload is like. */
export interface EventType {
  name: string;
  description: string;
  /** Who has made it known. `published`: a publisher app. */
  source: 'catalogue' | 'settings' | 'api' | 'published';
  /** Of the schema; null for those that have no versions. */
  version: number | null;
  schema: JsonObject | null;
  example: unknown;
  /** What is wrong with a payload by the schema. */
  check: DataCheck;
}

/** Every event type at one moment, by name. */
export type KnownEventTypes = ReadonlyMap<string, EventType>;

/**
 * The event types of the catalogue, of the settings, of the API and of publisher apps as one; of the same name the one made
 * through the API counts, then that of the settings. Kept in memory; changes are heard of by notice.
 */
export class EventTypes {
  readonly #pool: Pool;
  readonly #fixed: ReadonlyMap<string, EventType>;
  readonly #reads = new SharedReads<KnownEventTypes>();
  #known: { types: KnownEventTypes; readAt: number } | undefined;
  #changes = 0;
  /** Compiled schemas by type and version; versions never change. */
  #checks = new Map<string, DataCheck>();

  constructor({ pool, configured }: { pool: Pool; configured: ConfiguredEventTypes }) {
    this.#pool = pool;
    this.#fixed = new Map([
      ...[...EVENT_CATALOGUE].map(([name, description]) => [name, fixedType(name, description)] as const),
      ...Object.entries(configured).map(([name, { description, schema, example }]) => {
        const check = schema ? compileEventSchema(schema) : anything;
        return [
          name,
          { name, description, source: 'settings', version: null, schema, example, check },
        ] as const;
      }),
    ]);
  }

  /** All that are known at this moment; a change made through another replica may be some milliseconds away. */
  async known(): Promise<KnownEventTypes> {
    const known = this.#known;
    if (known && performance.now() - known.readAt < MAX_AGE_MS) return known.types;
    return this.#reads.read('', () => this.#read());
  }

  /** All that are known; where `name` is not among them, as they are in the database now. */
  async knownWith(name: unknown): Promise<KnownEventTypes> {
    const known = await this.known();
    if (typeof name !== 'string' || eventTypeNamed(name, known) !== undefined) return known;
    return this.#reads.read('', () => this.#read());
  }

  /** Takes a notice of change, `event_type:12`. */
  changed(notice: string): void {
    if (notice.startsWith('event_type:') || notice.startsWith('published_event:')) this.clear();
  }

  clear(): void {
    this.#changes += 1;
    this.#known = undefined;
  }

  async #read(): Promise<KnownEventTypes> {
    const changes = this.#changes;
    const readAt = performance.now();
    const rows = await readEventTypes(this.#pool);
    const checks = new Map<string, DataCheck>();
    const stored = rows.map((row) => this.#storedType(row, checks));
    this.#checks = checks;
    const types: KnownEventTypes = new Map([
      ...stored.filter(({ source }) => source === 'published').map((type) => [type.name, type] as const),
      ...this.#fixed,
      ...stored.filter(({ source }) => source === 'api').map((type) => [type.name, type] as const),
    ]);
    if (changes === this.#changes) this.#known = { types, readAt };
    return types;
  }

  #storedType({ id, ...row }: StoredEventType, checks: Map<string, DataCheck>): EventType {
    if (id === null) return { ...row, source: 'published', check: anything };
    if (row.schema === null) return { ...row, source: 'api', check: anything };
    const key = `${id} ${row.version}`;
    const check = this.#checks.get(key) ?? checkOf(row.schema);
    checks.set(key, check);
    return { ...row, source: 'api', check };
  }
}

/** One that was stored by a version with other limits must not make all other types unknown. */
function checkOf(schema: JsonObject): DataCheck {
  try {
    return compileEventSchema(schema);
  } catch (error) {
    const { message } = error as Error;
    return () => `cannot be checked: the schema of its event type ${message}`;
  }
}

const anything: DataCheck = () => undefined;

const fixedType = (name: string, description: string): EventType => ({
  name,
  description,
  source: 'catalogue',
  version: null,
  schema: null,
  example: null,
  check: anything,
});
