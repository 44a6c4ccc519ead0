import { ACTIONS } from '../actions.ts';
import { type Fault, SAME } from '../fault.ts';

/** Against which the others are held. */
export const CONTROLS: readonly Fault[] = [
  {
    name: 'nothing',
    group: 'control',
    what: 'nothing goes wrong',
    actions: ACTIONS,
    end: SAME,
    put: ({ lane }) => ({ struck: () => lane.passage.count }),
  },
];
