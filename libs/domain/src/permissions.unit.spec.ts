import fc from 'fast-check';
import { missingPermissions } from './permissions.ts';

const permissions = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
const roles = fc.array(fc.record({ permissions }), { maxLength: 5 });

describe('the permission to subscribe', () => {
  it('is held exactly when one role holds all that is asked for', () => {
    fc.assert(
      fc.property(permissions, roles, (required, held) => {
        const holds =
          required.length === 0 || held.some((role) => required.every((p) => role.permissions.includes(p)));
        expect(missingPermissions(required, held).length === 0).toBe(holds);
      }),
    );
  });

  it('lacks exactly what, added to some role, would give it', () => {
    fc.assert(
      fc.property(permissions, roles, (required, held) => {
        const missing = missingPermissions(required, held);
        expect(required).toEqual(expect.arrayContaining(missing));
        const completed = [...held, { permissions: [] }].map((role) => ({
          permissions: [...role.permissions, ...missing],
        }));
        expect(missingPermissions(required, completed)).toEqual([]);
        for (const role of held) {
          const lacking = required.filter((p) => !role.permissions.includes(p));
          expect(lacking.length).toBeGreaterThanOrEqual(missing.length);
        }
      }),
    );
  });

  it('is never lost by one more role, and never gained by asking for more', () => {
    fc.assert(
      fc.property(permissions, roles, permissions, (required, held, more) => {
        const lack = missingPermissions(required, held).length;
        expect(missingPermissions(required, [...held, { permissions: more }]).length).toBeLessThanOrEqual(
          lack,
        );
        expect(missingPermissions([...new Set([...required, ...more])], held).length).toBeGreaterThanOrEqual(
          lack,
        );
      }),
    );
  });
});
