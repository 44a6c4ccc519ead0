import type { Answer, Passing } from '../../test/end-to-end/support/proxy.ts';
import { ACTIONS } from '../actions.ts';
import { type Fault, type Place, type PutOn, SAME } from '../fault.ts';
import { isToStorage } from '../lane/passage.ts';
import { longJournal } from './long-journal.ts';
import { drawn, putOnPassage } from './strike.ts';

/** A refusal as storage gives it (learn.microsoft.com/rest/api/storageservices/status-and-error-codes2). */
function refusal(status: number, code: string): Answer {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Refused.</Message></Error>`,
  );
  const headers = { 'x-ms-error-code': code, 'content-type': 'application/xml', 'content-length': String(body.length) };
  return { status, headers, body };
}

const isPolling = ({ method, url }: Passing): boolean => method === 'GET' && url.includes('/messages');
const isWork = (passing: Passing): boolean => isToStorage(passing) && !isPolling(passing);
const isWrite = (passing: Passing): boolean => isWork(passing) && passing.method !== 'GET' && passing.method !== 'HEAD';
const isRecord = ({ method, url }: Passing): boolean => method === 'PUT' && /\/record\.json(?:\?|$)/.test(url);
const isAppend = ({ method, url }: Passing): boolean => method === 'PUT' && url.includes('comp=appendblock');

/** Refuses some of the requests that qualify. */
const refusing =
  (
    answer: Answer,
    qualifies: (passing: Passing) => boolean,
    often: { readonly after: number; readonly everyNth: number },
  ) =>
  (place: Place): PutOn =>
    putOnPassage(place, (struck) => {
      const strikes = drawn(place.random, { most: 8, ...often }, qualifies);
      return {
        before: (passing) => {
          if (!strikes(passing)) return 'pass';
          struck();
          return answer;
        },
      };
    });

/** From a drawn write on, and for some seconds, no write succeeds. */
function diskFull(place: Place): PutOn {
  const from = place.random.integer(2, 60);
  const milliseconds = place.random.integer(1000, 4000);
  let writes = 0;
  let until: number | undefined;
  return putOnPassage(place, (struck) => ({
    before: (passing) => {
      if (!isWrite(passing)) return 'pass';
      writes += 1;
      if (writes < from) return 'pass';
      until ??= Date.now() + milliseconds;
      if (Date.now() > until) return 'pass';
      struck();
      return refusal(500, 'InternalError');
    },
  }));
}

/** Some writes are done, and their answers lost. */
const answersLost = (place: Place): PutOn =>
  putOnPassage(place, (struck) => {
    const strikes = drawn(place.random, { most: 8, after: 10, everyNth: 9 }, isWrite);
    return {
      after: (passing) => {
        if (!strikes(passing)) return 'pass';
        struck();
        return 'cut';
      },
    };
  });

const all = { group: 'storage', actions: ACTIONS, end: SAME } as const;

export const STORAGE: readonly Fault[] = [
  {
    ...all,
    name: 'server-busy',
    what: '503 Server Busy',
    put: refusing(refusal(503, 'ServerBusy'), isWork, { after: 20, everyNth: 12 }),
  },
  {
    ...all,
    name: 'record-changed',
    what: '412 on the record',
    put: refusing(refusal(412, 'ConditionNotMet'), isRecord, { after: 2, everyNth: 2 }),
  },
  {
    ...all,
    name: 'append-refused',
    what: '409 BlockCountExceedsLimit on the journal, now and then',
    put: refusing(refusal(409, 'BlockCountExceedsLimit'), isAppend, { after: 2, everyNth: 4 }),
  },
  {
    ...all,
    name: 'append-limit',
    what: 'a journal of nearly 40,000 lines, and no block past the 50,000th',
    put: longJournal(refusal(409, 'BlockCountExceedsLimit')),
  },
  { ...all, name: 'disk-full', what: 'no write succeeds for some seconds (500)', put: diskFull },
  { ...all, name: 'answer-lost', what: 'writes that are done, their answers lost', put: answersLost },
];
