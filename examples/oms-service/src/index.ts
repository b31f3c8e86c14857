export { startOmsService, type OmsService, type OmsServiceOptions } from './oms-service.ts';
