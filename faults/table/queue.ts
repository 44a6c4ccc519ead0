import { expect } from 'vitest';
import { blobsOf, queuesAreEmpty } from '../../test/end-to-end/support/account.ts';
import type { Passing } from '../../test/end-to-end/support/proxy.ts';
import { ACTIONS } from '../actions.ts';
import { type Fault, type Place, type PutOn, SAME } from '../fault.ts';
import { hideMessage, isMessage, isReceipt, messagesIn, sendAgain, showMessage } from './messages.ts';

function twice(place: Place): PutOn {
  let struck = 0;
  place.lane.passage.put({
    after: async (passing, status): Promise<'pass'> => {
      if (!isMessage(passing) || status !== 201) return 'pass';
      struck += 1;
      await sendAgain(place.lane, passing);
      return 'pass';
    },
  });
  return { struck: () => struck };
}

/** Hides messages for so many seconds before anybody can take them. */
const hidden =
  (seconds: (place: Place) => number) =>
  (place: Place): PutOn => {
    let struck = 0;
    place.lane.passage.put({
      after: async (passing, status, body): Promise<'pass'> => {
        if (!isMessage(passing) || status !== 201) return 'pass';
        const wait = seconds(place);
        if (wait > 0 && (await hideMessage(place.lane, passing, { body, seconds: wait }))) struck += 1;
        return 'pass';
      },
    });
    return { struck: () => struck };
  };

/** Every message of the request is sent again once it has ended: nothing may follow from that, upstream or in the account. */
function late(place: Place): PutOn {
  const { lane, scene } = place;
  const sent: Passing[] = [];
  lane.passage.put({
    after: (passing, status) => {
      if (isMessage(passing) && status === 201) sent.push(passing);
      return 'pass';
    },
  });
  let struck = 0;
  const afterwards = async (id: string): Promise<void> => {
    await queuesAreEmpty(lane.stage);
    const state = async () => ({
      blobs: Object.fromEntries(await blobsOf(lane.stage, id)),
      rest: structuredClone(scene.rest()),
      left: [...scene.left()].sort(),
    });
    const before = await state();
    const all = sent.splice(0);
    for (const passing of all) await sendAgain(lane, passing);
    struck = all.length;
    await queuesAreEmpty(lane.stage);
    expect(await state(), 'what late messages have changed').toEqual(before);
    expect(
      sent.map(({ url }) => url),
      'messages that late ones led to',
    ).toEqual([]);
  };
  return { struck: () => struck, afterwards };
}

/** A message that is taken more than eight times is given up (host.json, maxDequeueCount), which is another fault. */
const MOST_LEASES_LOST = 5;

/** While a message is worked on, it shows again: its lease is lost, and somebody else takes it too. */
function leaseLost(place: Place): PutOn {
  let struck = 0;
  const lost = new Map<string, number>();
  place.lane.passage.put({
    after: async (passing, status, body): Promise<'pass'> => {
      if (!isReceipt(passing) || status !== 200) return 'pass';
      for (const message of messagesIn(body)) {
        const times = lost.get(message.id) ?? 0;
        if (place.random.next() >= 0.5 || times >= MOST_LEASES_LOST) continue;
        if (!(await showMessage(place.lane, passing, message))) continue;
        lost.set(message.id, times + 1);
        struck += 1;
      }
      return 'pass';
    },
  });
  return { struck: () => struck };
}

const all = { group: 'queue', actions: ACTIONS, end: SAME } as const;

export const QUEUES: readonly Fault[] = [
  { ...all, name: 'message-twice', what: 'each message comes twice', put: twice },
  { ...all, name: 'message-delayed', what: 'each message comes a second late', put: hidden(() => 1) },
  {
    ...all,
    name: 'messages-reordered',
    what: 'messages come after as many seconds as is drawn for each: none, one or two',
    put: hidden(({ random }) => random.integer(0, 2)),
  },
  { ...all, name: 'message-late', what: 'each message comes again after the end of its request', put: late },
  {
    ...all,
    group: 'storage',
    name: 'lease-lost',
    what: 'half of the messages show again while they are worked on',
    put: leaseLost,
  },
];
