import fc from 'fast-check';
import { fillPath } from './lookup-path.ts';

describe('fillPath', () => {
  it.each([
    ['/users/{userid}', { userId: 'a-1' }, '/users/a-1'],
    ['/users/{userId}', { user_id: 7 }, '/users/7'],
    ['/users/{id}', { ID: 'upper', id: 'lower' }, '/users/lower'],
    ['/t/{t}/u/{u}/{t}', { t: 'a', u: 'b' }, '/t/a/u/b/a'],
    ['/all', {}, '/all'],
    ['/u/{id}', { id: 'a/b?c#d é' }, '/u/a%2Fb%3Fc%23d%20%C3%A9'],
    ['/u/{id}', { id: '$&' }, '/u/%24%26'],
  ])('%s with %j is %s', (template, fields, path) => {
    expect(fillPath(template, [fields])).toEqual({ path });
  });

  it('looks into the message before its body', () => {
    expect(fillPath('/{id}', [{ id: 1 }, { id: 2 }])).toEqual({ path: '/1' });
    expect(fillPath('/{id}', [{ id: {} }, { Id: 2 }])).toEqual({ path: '/2' });
  });

  it.each([undefined, null, '', '.', '..', {}, [], true, '\ud800', 'x'.repeat(256)])(
    'has no use for the value %j',
    (id) => {
      expect(fillPath('/a/{other}/{id}', [{ id, other: 'o' }])).toEqual({ missing: 'id' });
    },
  );

  it('never leads out of the places of the parameters, whatever their values', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.constantFrom('..', '../..', '%2e%2e')),
        (id) => {
          const filled = fillPath('/users/{id}/details', [{ id }]);
          if ('missing' in filled) return;
          const { pathname, search, hash } = new URL(filled.path, 'http://oms.test');
          expect(pathname.split('/')).toHaveLength(4);
          expect([pathname.startsWith('/users/'), pathname.endsWith('/details'), search, hash]).toEqual([
            true,
            true,
            '',
            '',
          ]);
        },
      ),
    );
  });
});
