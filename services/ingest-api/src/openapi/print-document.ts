import { readSettings, variables } from '@oms-webhooks/config';
import { openApiDocument } from './document.ts';

/** Prints the document as a system without settings serves it: what the clients are generated from. */
const { CONTENT_TYPES: contentTypes } = readSettings({}, { CONTENT_TYPES: variables.CONTENT_TYPES });
console.log(JSON.stringify(openApiDocument({ contentTypes }), null, 2));
