import { useSyncExternalStore } from 'react';

/** The token lives as long as the browser's tab: it is in nothing that outlasts it. */
const KEY = 'oms-webhooks.token';
const listeners = new Set<() => void>();

export const tokenInUse = (): string | null => sessionStorage.getItem(KEY);

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token);
  for (const listener of listeners) listener();
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

/** Whether somebody is signed in; a component that asks is drawn again when that changes. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(subscribe, () => tokenInUse() !== null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
