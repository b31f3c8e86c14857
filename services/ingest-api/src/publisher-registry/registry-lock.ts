import type { EntityManager } from 'typeorm';

const LOCK = 1010_2026;

/*
 * What a subscriber relies on: its roles, the permissions that a publisher asks for, the published events and their
 * names. Whoever changes any of it holds this lock alone, whoever decides by it holds it beside others; so a role cannot be
 * lost between the look at it and the webhook that is saved for it. Such changes are rare, and brief.
 *
 * Order of locks: this one first, before any row is locked; then a token, app or subscription; then webhooks by id; then,
 * in the trigger of webhook, their events. Who never asks for this lock (health, deliveries) begins with the webhook.
 */

/** Until the end of the transaction, nobody else changes or relies on the registry. */
export async function changeRegistry(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
}

/** Until the end of the transaction, nobody changes the registry. */
export async function relyOnRegistry(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`);
}
