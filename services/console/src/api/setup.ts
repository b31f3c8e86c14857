import { call, callForText } from './call.ts';

const SETUP = '/api/v1/oms/setup/webhooks/';

export type SetupState = 'READY' | 'WORKING' | 'FINISHED' | 'FAILED' | 'ABORTED';

export const findSetupState = () => call<{ result: SetupState }>('GET', `${SETUP}get_async_status/`);
export const findWhetherRequired = () => call<{ result: 'true' | 'false' }>('GET', `${SETUP}is_required/`);
export const executeSetup = () => callForText('POST', `${SETUP}execute/`);
