import { charField, documented, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';

/** A fragment is never sent, and a blank would be sent as another URL than the one shown. */
const asSent: Joi.CustomValidator<string> = (url, check) =>
  /[\s#]/.test(url) ? refuse(check, 'Enter a valid URL.') : url;

/** A URL that is sent to; which addresses are allowed is judged apart (`check-target.ts`). */
export const targetUrlField = documented(charField({ max: 255 }).custom(asSent), { format: 'uri' });
