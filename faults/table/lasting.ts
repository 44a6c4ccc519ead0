import { expect } from 'vitest';
import type { Random } from '../../local/simulator/seeded.ts';
import { ACTIONS, type Action } from '../actions.ts';
import { CHANGED, type Fault, LASTING, type Place, type PutOn, SAME } from '../fault.ts';
import { isToStorage } from '../lane/passage.ts';
import type { Scene } from '../scenes/scene.ts';
import { putAnywhere, putOnPassage, putRules } from './strike.ts';

/** As many calls as each course certainly makes: the moment is drawn from these. */
const CALLS: Readonly<Record<Action, number>> = {
  export: 12,
  delete: 25,
  together: 15,
  subject: 10,
  'ml-export': 12,
  'ml-delete': 25,
  'ml-cluster': 2,
};

/** Somebody changes upstream at a drawn call. */
const changing =
  (change: (scene: Scene, random: Random) => void) =>
  (place: Place): PutOn => {
    const at = place.random.integer(1, CALLS[place.scene.action]);
    let calls = 0;
    return putOnPassage(place, (struck) => ({
      after: (passing) => {
        if (isToStorage(passing)) return 'pass';
        calls += 1;
        if (calls !== at) return 'pass';
        change(place.scene, place.random);
        struck();
        return 'pass';
      },
    }));
  };

const forbidden = { fault: { kind: 'status', status: 403 } } as const;

/** Once something was erased, nothing may be read any more. */
function noProof(place: Place): PutOn {
  let put: PutOn = { struck: () => 0 };
  let begun = false;
  place.lane.passage.put({
    after: (passing) => {
      if (begun || isToStorage(passing) || passing.method !== 'DELETE') return 'pass';
      begun = true;
      put = putRules(place, { ...forbidden, match: { method: 'GET' }, after: place.random.integer(0, 3) });
      return 'pass';
    },
  });
  return { struck: () => put.struck() };
}

const ELSEWHERE = 'https://elsewhere.example';

/** Nobody may go where such a link leads. */
function foreignLink(place: Place): PutOn {
  const put = putRules(place, { match: { method: 'GET' }, fault: { kind: 'foreignNextLink', origin: ELSEWHERE } });
  const { calls } = place.lane.stage.simulator;
  const afterwards = async (): Promise<void> => {
    const gone = calls.list.filter(({ host }) => ELSEWHERE.endsWith(host));
    expect(gone, 'calls to the other host').toEqual([]);
  };
  return { ...put, afterwards };
}

/** Tokens that live for seconds, from now on: workers are started anew, since they keep theirs for an hour. */
function shortTokens({ lane, random }: Place): PutOn {
  const { tokens, calls } = lane.stage.simulator;
  tokens.lifeSeconds = random.integer(2, 5);
  lane.killWorkers();
  const from = lane.mark.call;
  const struck = () =>
    calls.list.filter(({ sequence, operation }) => sequence > from && operation === 'IssueToken').length;
  return { struck: () => Math.max(0, struck() - 1) };
}

const upstream = { group: 'upstream' } as const;
const deletes = ['delete', 'together', 'ml-delete'] as const;
const reported = { outcomes: 'true-account', states: ['partially-completed'] } as const;

export const LASTINGS: readonly Fault[] = [
  {
    ...upstream,
    name: 'items-vanish',
    what: 'somebody deletes items during the run',
    actions: ['export', ...deletes, 'ml-export'],
    end: CHANGED,
    put: changing((scene, random) => scene.vanish(random)),
  },
  {
    ...upstream,
    name: 'items-appear',
    what: 'somebody adds items during the run',
    actions: ['export', ...deletes, 'ml-export'],
    end: CHANGED,
    put: changing((scene, random) => scene.appear(random)),
  },
  {
    ...upstream,
    name: 'never-done',
    what: 'a delete that is answered and never done',
    actions: ['delete'],
    end: reported,
    put: (place) => putRules(place, { match: { operation: 'DeleteTag' }, fault: { kind: 'answeredButNotDone' } }),
  },
  {
    ...upstream,
    name: 'foreign-link',
    what: 'a next link to another host',
    actions: ['ml-export', 'ml-delete'],
    end: LASTING,
    put: foreignLink,
  },
  {
    ...upstream,
    name: 'operation-fails',
    what: 'a long-running delete that fails',
    actions: ['ml-cluster'],
    end: reported,
    put: (place) =>
      putRules(
        place,
        {
          match: { operation: '<GetClusterOperation>' },
          fault: { kind: 'answerWith', json: { status: 'Failed', error: { code: 'ComputeInUse', message: 'Busy.' } } },
        },
        { match: { method: 'DELETE' }, fault: { kind: 'answeredButNotDone' } },
      ),
  },
  {
    ...upstream,
    name: 'operation-endless',
    what: 'a long-running delete that never ends',
    actions: ['ml-cluster'],
    end: reported,
    put: (place) => putRules(place, { match: { method: 'DELETE' }, fault: { kind: 'answeredButNotDone' } }),
  },
  {
    ...upstream,
    name: 'token-expiry',
    what: 'tokens that expire within seconds',
    actions: ['export', 'delete', 'ml-export', 'ml-delete'],
    signIn: 'entra',
    end: SAME,
    put: shortTokens,
  },
  {
    ...upstream,
    name: 'token-refused',
    what: 'the identity endpoint answers 500, now and then',
    actions: ['export', 'ml-export'],
    signIn: 'entra',
    end: SAME,
    put: (place) => {
      shortTokens(place);
      const fault = { kind: 'status', status: 500 } as const;
      return putAnywhere(place, { match: { operation: 'IssueToken' }, fault, everyNth: 2, times: 4 });
    },
  },
  {
    ...upstream,
    name: 'no-permission-to-read',
    what: '403 on every read from a drawn one on',
    actions: ACTIONS,
    end: LASTING,
    put: (place) =>
      putRules(place, {
        ...forbidden,
        match: { method: 'GET' },
        after: place.random.integer(0, place.scene.action === 'ml-cluster' ? 1 : 20),
      }),
  },
  {
    ...upstream,
    name: 'no-permission-to-erase',
    what: '403 on every delete from a drawn one on',
    actions: ['delete', 'together', 'subject', 'ml-delete', 'ml-cluster'],
    end: LASTING,
    put: (place) =>
      putRules(place, {
        ...forbidden,
        match: { method: 'DELETE' },
        after: place.random.integer(0, place.scene.action === 'delete' ? 4 : 0),
      }),
  },
  {
    ...upstream,
    name: 'no-permission-to-prove',
    what: '403 on every read once something is erased',
    actions: ['delete', 'together', 'ml-delete', 'ml-cluster'],
    end: LASTING,
    put: noProof,
  },
];
