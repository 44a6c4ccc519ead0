import type { DurableHub, DurableHubOptions } from '../contract.ts';
import { refusal } from './api/answers.ts';
import { clientBinding } from './api/links.ts';
import { route } from './api/router.ts';
import { Engine } from './engine/engine.ts';
import { openStore } from './store/store.ts';

const stopped = refusal(503, 'The durable hub has been stopped.');

/**
 * Opens the durable extension of the local host on its file, which is made when missing. One process at a time may have a file open.
 *
 * @throws when the file can't be opened or isn't a hub's
 */
export function openDurableHub(options: DurableHubOptions): DurableHub {
  const store = openStore(options.file);
  const engine = new Engine({ ...options, store, now: options.now ?? Date.now });
  const api = { hub: engine.parts, links: options, functions: () => engine.functions };
  let closed = false;
  return {
    start: (functions, invoker) => engine.start(functions, invoker),
    stop: async (graceMilliseconds) => {
      await engine.stop(graceMilliseconds);
      if (closed) return;
      closed = true;
      store.close();
    },
    clientBinding: (baseUrl) => clientBinding(baseUrl, options),
    handleHttp: async (request) => (closed ? stopped : route(api, request)),
  };
}
