export { createClient, type ClientOptions } from './client.ts';
export type { components, operations, paths, webhooks } from './schema.ts';
export {
  verify,
  VerificationError,
  type Delivery,
  type ReceivedRequest,
  type VerifyOptions,
} from './verify.ts';
