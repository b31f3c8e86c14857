import type { ContentTypes } from '@oms-webhooks/config';
import { charField, choiceField, dictField, documented, objectField, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';

/** The object that an event is about, and what there is to say of it. */
export interface Instance {
  pk: string;
  model: string;
  data?: unknown;
}

export const instanceField = (contentTypes: ContentTypes) =>
  objectField({
    pk: documented(charField({ max: 255 }).custom(objectKey), { type: ['integer', 'string'] }),
    model: choiceField(Object.keys(contentTypes)),
    data: dictField({ required: false }),
  });

const objectKey: Joi.CustomValidator<string> = (text, check) => {
  if (typeof check.original === 'number' && !Number.isInteger(check.original))
    return refuse(check, 'A valid integer is required.');
  // In the path of the resource at the OMS they would be steps to another one, which no encoding prevents.
  return text === '.' || text === '..' ? refuse(check, `"${text}" is not a valid key.`) : text;
};

/** The content type of a model that validation has let through. */
export function contentTypeOf(model: string, contentTypes: ContentTypes): number {
  const content = contentTypes[model];
  if (!content) throw new Error(`no content type for the model ${model}, which validation let through`);
  return content.id;
}
