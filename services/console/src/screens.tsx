import { createBrowserRouter, Navigate } from 'react-router';
import { Frame } from './frame/frame.tsx';
import { ScreenFailure } from './frame/screen-failure.tsx';

/** Every screen and its address. Each comes with a script of its own, when it is first gone to. */
export const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      errorElement: <ScreenFailure />,
      hydrateFallbackElement: <></>,
      children: [
        { index: true, element: <Navigate to="/events" replace /> },
        { path: 'events', lazy: () => import('./events/events-screen.tsx') },
        { path: 'events/:id', lazy: () => import('./event/event-screen.tsx') },
        { path: 'undelivered', lazy: () => import('./undelivered/undelivered-screen.tsx') },
        { path: 'webhooks', lazy: () => import('./webhooks/webhooks-screen.tsx') },
        { path: 'webhooks/new', lazy: () => import('./webhooks/edit-screen.tsx') },
        { path: 'webhooks/:id', lazy: () => import('./webhooks/webhook-screen.tsx') },
        { path: 'webhooks/:id/edit', lazy: () => import('./webhooks/edit-screen.tsx') },
        { path: 'registry', lazy: () => import('./registry/registry-screen.tsx') },
        { path: 'setup', lazy: () => import('./setup/setup-screen.tsx') },
        { path: 'tokens', lazy: () => import('./tokens/tokens-screen.tsx') },
        { path: 'audit', lazy: () => import('./audit/audit-screen.tsx') },
        { path: '*', lazy: () => import('./frame/unknown-screen.tsx') },
      ],
    },
  ],
  { basename: '/console' },
);
