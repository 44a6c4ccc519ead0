import { ACTIONS, type Action } from '../actions.ts';
import { type Fault, type Place, type PutOn, SAME } from '../fault.ts';

/** About how many requests to storage and upstream each course takes: the moment is drawn from these. */
const PASSING: Readonly<Record<Action, number>> = {
  export: 300,
  delete: 500,
  together: 400,
  subject: 250,
  'ml-export': 200,
  'ml-delete': 500,
  'ml-cluster': 150,
};

/** Kills when a drawn number of requests have passed; `again`: and once more after as many. */
function atRandom(kill: (place: Place) => void, times: number) {
  return (place: Place): PutOn => {
    const { lane, scene, random } = place;
    const action = scene.action;
    const moments = Array.from({ length: times }, () => random.integer(3, PASSING[action])).sort((a, b) => a - b);
    let struck = 0;
    lane.passage.put({
      after: () => {
        if (struck >= moments.length || lane.passage.count < (moments[struck] ?? 0)) return 'pass';
        struck += 1;
        kill(place);
        return 'cut';
      },
    });
    return { struck: () => struck };
  };
}

const killWorkers = ({ lane }: Place): void => lane.killWorkers();
const killHost = ({ lane }: Place): void => lane.host.killAndRestart();

export const KILLS: readonly Fault[] = [
  {
    name: 'kill-worker',
    group: 'kill',
    what: 'kill -9 of every worker at a random moment',
    actions: ACTIONS,
    end: SAME,
    put: atRandom(killWorkers, 1),
  },
  {
    name: 'kill-worker-thrice',
    group: 'kill',
    what: 'kill -9 of every worker at three random moments',
    actions: ACTIONS,
    end: SAME,
    put: atRandom(killWorkers, 3),
  },
  {
    name: 'kill-host',
    group: 'kill',
    what: 'kill -9 of the whole host at a random moment, then started again',
    actions: ACTIONS,
    end: SAME,
    put: atRandom(killHost, 1),
  },
];
