/**
 * What an account lacks to hear of a publisher's events: empty when one of its roles holds every permission that the
 * publisher asks for. Permissions of several roles do not add up: the least that any single role lacks is answered.
 * Nobody is exempt; where nothing is asked for, everybody may.
 */
export function missingPermissions(
  required: readonly string[],
  roles: readonly { permissions: readonly string[] }[],
): string[] {
  const lacks = [{ permissions: [] }, ...roles].map(({ permissions }) => {
    const held = new Set<string>(permissions);
    return required.filter((permission) => !held.has(permission));
  });
  return lacks.reduce((least, lack) => (lack.length < least.length ? lack : least));
}
