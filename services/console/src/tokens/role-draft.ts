import type { Role } from '../api/tokens.ts';

/** A role while it is being written: its permissions as one text. */
export interface RoleDraft {
  name: string;
  permissions: string;
}

export const draftOf = ({ name, permissions }: Role): RoleDraft => ({
  name,
  permissions: permissions.join(', '),
});

/** What is sent. A role that nothing was written of is none. */
export function rolesOf(drafts: RoleDraft[]): Role[] {
  return drafts
    .map(({ name, permissions }) => ({ name: name.trim(), permissions: namesIn(permissions) }))
    .filter(({ name, permissions }) => name !== '' || permissions.length > 0);
}

const namesIn = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
