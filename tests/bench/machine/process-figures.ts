import { readFileSync } from 'node:fs';

/** Kernel ticks a second, on every Linux of today. */
const TICKS = 100;

/** CPU time of processes since they began, user and system, with that of children they have waited for; ms. */
export const cpuMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (ticks(pid) * 1000) / TICKS, 0);

/** Resident memory of processes, MiB. */
export const residentMiB = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0), 0) / 1024;

/** utime, stime, cutime and cstime: fields 14 to 17 of proc(5), counted after the name, which may hold anything. */
function ticks(pid: number): number {
  const stat = read(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** A process may have ended in between. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
