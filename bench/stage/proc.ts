import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/* What Linux tells about processes (proc(5)). */

/** Clock ticks a second of `utime` and `stime`; 100 on every Linux that Node runs on. */
const TICKS = 100;
const MIB = 1024 * 1024;

/** Seconds of processor time that a process has used so far; 0 for one that is gone. */
export function cpuSeconds(pid: number): number {
  const [, rest = ''] = /^\d+ \(.*\) (.*)$/s.exec(read(`/proc/${pid}/stat`)) ?? [];
  const fields = rest.split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** The largest resident set since the start, or since `forgetPeak`, in MiB. */
export function peakMebibytes(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return (Number(kibibytes ?? 0) * 1024) / MIB;
}

/** The peak counts from now on. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
