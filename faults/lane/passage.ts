import type { Interference, Passing } from '../../test/end-to-end/support/proxy.ts';

const LAST = 400;

/** Whether a request is one to storage; the others go upstream. */
export const isToStorage = ({ url }: Passing): boolean => url.startsWith('/devstoreaccount1');

/** Whether messages are asked for: the host does that all the time, whether there are any or not. */
const isPolling = ({ method, url }: Passing): boolean => method === 'GET' && /\/dsr-[a-z-]+\/messages/.test(url);

/** Between the app and all that it reaches: counts what passes, and does to it what the round's fault says. */
export class Passage {
  /** Requests since the round began, but for those that ask for messages. */
  count = 0;
  /** The last ones, for the evidence. */
  readonly last: string[] = [];
  #fault: Interference = {};

  readonly interference: Interference = {
    before: (passing) => {
      if (!isPolling(passing)) this.#note(passing);
      return this.#fault.before?.(passing) ?? 'pass';
    },
    after: (passing, status, body) => this.#fault.after?.(passing, status, body) ?? 'pass',
  };

  #note({ method, url }: Passing): void {
    this.count += 1;
    this.last.push(`${new Date().toISOString()} ${method} ${url.replace(/([?&])(?:sig|se|st)=[^&]*/g, '$1')}`);
    if (this.last.length > LAST) this.last.shift();
  }

  /** From now on this is done to what passes. */
  put(fault: Interference): void {
    this.#fault = fault;
  }

  /** What passed until now isn't counted any more. */
  forget(): void {
    this.count = 0;
    this.last.length = 0;
  }
}
