/** Sweeps by name, in the order of the night in which they run. */
export const SWEEP_NAMES = ['results', 'subjects', 'history', 'orphans', 'policies'] as const;
export type SweepName = (typeof SWEEP_NAMES)[number];

export const isSweepName = (name: string): name is SweepName => SWEEP_NAMES.some((known) => known === name);
