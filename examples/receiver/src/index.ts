export {
  deliveryLine,
  startReceiver,
  type Delivery,
  type Receiver,
  type ReceiverOptions,
} from './receiver.ts';
