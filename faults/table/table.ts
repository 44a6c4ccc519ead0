import type { Fault } from '../fault.ts';
import { CONTENTS } from './content.ts';
import { CONTROLS } from './control.ts';
import { KILLS } from './kill.ts';
import { LASTINGS } from './lasting.ts';
import { QUEUES } from './queue.ts';
import { STORAGE } from './storage.ts';
import { UPSTREAM } from './upstream.ts';

/** Every fault that is tried. */
export const FAULTS: readonly Fault[] = [
  ...CONTROLS,
  ...KILLS,
  ...QUEUES,
  ...UPSTREAM,
  ...LASTINGS,
  ...STORAGE,
  ...CONTENTS,
];
