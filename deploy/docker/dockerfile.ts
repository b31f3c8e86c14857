import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Stage {
  name: string;
  from: string;
  /** Without comments, continued lines joined. */
  lines: string[];
}

function stagesOf(dockerfile: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of dockerfile
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')) {
    const [, from, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (from && name) stages.push({ name, from, lines: [] });
    else if (line !== '') stages.at(-1)?.lines.push(line);
  }
  return stages;
}

export const stages = stagesOf(readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8'));

/** The instructions of an image: those of its stage after those of the stages that it comes from. */
export function instructionsOf(name: string): string[] {
  const stage = stages.find((one) => one.name === name);
  return stage ? [...instructionsOf(stage.from), ...stage.lines] : [];
}

/** What the last instruction of this kind says. */
export const lastOf = (target: string, instruction: string): string | undefined =>
  instructionsOf(target)
    .filter((line) => line.startsWith(`${instruction} `))
    .at(-1)
    ?.slice(instruction.length + 1);

/** The command that a container of this target runs. */
export const commandOf = (target: string) => JSON.parse(lastOf(target, 'CMD') ?? '[]') as string[];

/** The command that asks a container of this target for its health. */
export function healthCommandOf(target: string): string[] {
  const health = lastOf(target, 'HEALTHCHECK') ?? '';
  return JSON.parse(health.slice(health.indexOf('CMD ') + 4)) as string[];
}
