import { draftOf, rolesOf } from './role-draft.ts';

describe('The roles of a token', () => {
  it('are what they were when nobody changed them', () => {
    const roles = [
      { name: 'reader', permissions: ['get-users', 'get-user-details'] },
      { name: 'nobody', permissions: [] },
    ];
    expect(rolesOf(roles.map(draftOf))).toEqual(roles);
  });

  it('are read without blanks, and without what was left empty', () => {
    const drafts = [
      { name: ' writer ', permissions: ' update-user,, get-users ,' },
      { name: ' ', permissions: ' , ' },
    ];
    expect(rolesOf(drafts)).toEqual([{ name: 'writer', permissions: ['update-user', 'get-users'] }]);
  });

  it('keep one without a name, which the API then refuses', () => {
    expect(rolesOf([{ name: '', permissions: 'get-users' }])).toEqual([
      { name: '', permissions: ['get-users'] },
    ]);
  });
});
