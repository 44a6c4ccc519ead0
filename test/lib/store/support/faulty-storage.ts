import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openStorage, type Storage } from '../../../../src/lib/store/storage.ts';

export interface FaultyStorage extends AsyncDisposable {
  readonly storage: Storage;
  /** Calls that the account has carried out so far. */
  readonly calls: number;
  /** After this many more calls nothing gets through any more, as if the process had ended there. */
  cutAfter(calls: number): void;
  /** The same once blobs whose names end so have been written this many times more: that write itself is carried out. */
  cutAfterWrites(ending: string, writes: number): void;
  /** The answer to the call after this many is lost, though the account has carried it out. */
  loseAnswerAfter(calls: number): void;
  /** The answer to the call after this many breaks off in its body. */
  breakAnswerAfter(calls: number): void;
}

/** A way to the account's blobs that breaks where it is told to. */
export async function faultyStorage(connection: string): Promise<FaultyStorage> {
  const account = new URL(/BlobEndpoint=([^;]+)/.exec(connection)?.[1] ?? '');
  const state = { calls: 0, cutAt: Number.POSITIVE_INFINITY, loseAt: -1, breakAt: -1 };
  const written = { ending: '', left: Number.POSITIVE_INFINITY };
  const server = createServer((incoming, outgoing) => {
    if (state.calls >= state.cutAt) {
      incoming.resume();
      outgoing.writeHead(403, { 'x-ms-error-code': 'AccountIsDisabled' }).end();
      return;
    }
    const lost = state.calls === state.loseAt;
    const broken = state.calls === state.breakAt;
    state.calls += 1;
    if (isWriteOf(incoming, written.ending)) {
      written.left -= 1;
      if (written.left === 0) state.cutAt = state.calls;
    }
    forward({ incoming, outgoing, port: account.port, lost, broken });
  });
  const port = await listen(server);
  return {
    storage: openStorage({ connection: connection.replace(/(BlobEndpoint=http:\/\/127\.0\.0\.1:)\d+/, `$1${port}`) }),
    get calls() {
      return state.calls;
    },
    cutAfter: (calls) => {
      state.cutAt = state.calls + calls;
      written.left = Number.POSITIVE_INFINITY;
    },
    cutAfterWrites(ending, writes) {
      state.cutAt = Number.POSITIVE_INFINITY;
      Object.assign(written, { ending, left: writes });
    },
    loseAnswerAfter: (calls) => {
      state.loseAt = state.calls + calls;
    },
    breakAnswerAfter: (calls) => {
      state.breakAt = state.calls + calls;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const isWriteOf = ({ method, url = '' }: IncomingMessage, ending: string): boolean =>
  method === 'PUT' && new URL(url, 'http://account').pathname.endsWith(ending);

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly port: string;
  readonly lost: boolean;
  readonly broken: boolean;
}

function forward({ incoming, outgoing, port, lost, broken }: Exchange): void {
  const { method, url, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    if (lost) {
      answer.resume().on('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
    if (broken) {
      answer.once('data', (chunk: Buffer) => outgoing.write(chunk, () => outgoing.destroy()));
      return;
    }
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}
