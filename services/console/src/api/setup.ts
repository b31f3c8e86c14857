import { answerOf, api, type AnswerTo } from './api.ts';

export type SetupState = AnswerTo<'getSetupStatus'>['result'];

export const findSetupState = () => answerOf(api.GET('/api/v1/oms/setup/webhooks/get_async_status/'));
export const findWhetherRequired = () => answerOf(api.GET('/api/v1/oms/setup/webhooks/is_required/'));
export const executeSetup = () => api.POST('/api/v1/oms/setup/webhooks/execute/');
