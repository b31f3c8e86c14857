import { COUNTDOWN_CHOICES } from '@oms-webhooks/domain';
import {
  choiceField,
  documented,
  integerField,
  jsonSchemaOf,
  objectField,
  refuseWhole,
} from '@oms-webhooks/http';
import type Joi from 'joi';

const limit = integerField({ min: 0, required: false, nullable: true });

const kwargs = {
  fixed: objectField({ seconds: integerField({ min: 0 }) }),
  linear: objectField({ base: integerField({ min: 0 }), limit }),
  exponential: objectField({
    base: integerField({ min: 0 }),
    factor: integerField({ min: 1, required: false }).default(1),
    limit,
  }),
  random: objectField({ min_value: integerField({ min: 0 }), max_value: integerField({ min: 0 }) }).custom(
    (range: { min_value: number; max_value: number }, check) =>
      range.min_value < range.max_value
        ? range
        : refuseWhole(check, "'max_value' must be greater than 'min_value'."),
  ),
} satisfies Record<(typeof COUNTDOWN_CHOICES)[number], Joi.Schema>;

/** `{choice, kwargs}`: the kwargs are those of the choice; what a wrong choice would need is not asked for. */
export const countdownField = documented(
  objectField(
    {
      choice: choiceField(COUNTDOWN_CHOICES),
      kwargs: objectField({}).when('choice', {
        switch: COUNTDOWN_CHOICES.map((choice) => ({ is: choice, then: kwargs[choice] })),
      }),
    },
    { required: false },
  ),
  {
    properties: undefined,
    required: undefined,
    oneOf: COUNTDOWN_CHOICES.map((choice) =>
      jsonSchemaOf(objectField({ choice: choiceField([choice]), kwargs: kwargs[choice] })),
    ),
  },
);
