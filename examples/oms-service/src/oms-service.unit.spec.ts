import { startOmsService, type OmsService } from './oms-service.ts';

describe('the example OMS service', () => {
  let service: OmsService;
  const get = (path: string, token = 'secret') =>
    fetch(`${service.url}${path}`, { headers: { Authorization: `Token ${token}` } });

  beforeEach(async () => {
    service = await startOmsService({ port: 0, token: 'secret' });
  });
  afterEach(() => service.close());

  it('serves the package of the published example', async () => {
    const response = await get('/api/v1/oms/packages/8812/');
    expect(await response.json()).toMatchObject({ id: 8812, city: 'İSTANBUL', number: '2406670106311153P1' });
  });

  it('knows no other package, and wants its token', async () => {
    expect((await get('/api/v1/oms/packages/1/')).status).toBe(404);
    expect((await get('/api/v1/oms/packages/8812/', 'wrong')).status).toBe(401);
  });
});
