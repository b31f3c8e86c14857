import type { Browser } from 'playwright-core';
import { startBrowser } from '../../environment/browser.ts';
import { startTarget, type Target } from '../../environment/target.ts';
import { startSystem, type System, type SystemOptions } from '../system.ts';

/** A system, a target for its webhooks, and a browser. */
export interface Stage {
  system: System;
  target: Target;
  browser: Browser;
}

/** Set up before the specs of a `describe` block, taken down after them. */
export function setStage(options?: SystemOptions): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    const [system, target, browser] = await Promise.all([
      startSystem(options),
      startTarget(),
      startBrowser(),
    ]);
    Object.assign(stage, { system, target, browser });
  }, 180_000);
  afterAll(async () => {
    await stage.browser.close();
    await stage.system.close();
    await stage.target.close();
  }, 60_000);
  return stage;
}
