import { parseArgs } from 'node:util';
import { startOmsService } from './oms-service.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9100' },
    token: { type: 'string', default: 'example-oms-token' },
  },
});

const service = await startOmsService({
  port: Number(values.port),
  token: values.token,
  onLookUp: (path, status) => console.log(`GET ${path} → ${status}`),
});
console.log(`OMS_API_URL=${service.url} OMS_API_TOKEN=${values.token}`);
