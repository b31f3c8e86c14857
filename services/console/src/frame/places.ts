/** The screens of the navigation, and the letter that leads there after `g`. */
export const places = [
  { path: '/events', name: 'Events', key: 'e' },
  { path: '/undelivered', name: 'Undelivered', key: 'u' },
  { path: '/webhooks', name: 'Webhooks', key: 'w' },
  { path: '/registry', name: 'Publisher registry', key: 'p' },
  { path: '/setup', name: 'Setup', key: 's' },
  { path: '/tokens', name: 'Tokens', key: 't' },
  { path: '/audit', name: 'Audit', key: 'a' },
] as const;
