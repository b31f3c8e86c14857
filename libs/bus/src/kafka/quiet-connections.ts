import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const connection = RequestQueue.prototype;
const look = connection.scheduleCheckPendingRequests;

/**
 * A connection of KafkaJS 2.2.4 looks every millisecond, from its first answer on, for requests that were held back, also
 * where there are none: 600 wake-ups a second and connection, half of what a service at rest does
 * (https://github.com/tulios/kafkajs/issues/1704, not mended in any release). It has to look only while there are some:
 * each request that is held back, and each answer, has it look again.
 */
connection.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0) look.call(this);
};
