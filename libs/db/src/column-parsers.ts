import pg from 'pg';
import { parseInstant } from '@oms-webhooks/domain';

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const TIMESTAMPTZ_ARRAY = 1185;

/**
 * How column values become JavaScript: ids as numbers (a bigint would turn into a string in JSON), instants as whole
 * microseconds (a Date would cut them to milliseconds). Given to each pool, so nothing global changes.
 */
export const columnParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown => {
    if (format === 'binary') return pg.types.getTypeParser(oid, format);
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return parseInstant;
    if (oid === TIMESTAMPTZ_ARRAY) return parseInstants;
    return pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** `{"2023-10-12 10:07:35.2+00","…"}` */
function parseInstants(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).replaceAll('"', '').split(',').map(parseInstant);
}
