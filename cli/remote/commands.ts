import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ApiClient } from '../../client/client.ts';
import { decisionOrderSchema } from '../../src/lib/domain/orders.ts';
import { submissionSchema } from '../../src/lib/domain/request.ts';
import { WrongUse } from '../wrong-use.ts';
import { downloadPackage } from './package.ts';
import type { Said } from './words.ts';

type Command = (api: ApiClient, said: Said) => Promise<void>;

const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

function of({ words: [id] }: Said): { parts: { id: string } } {
  if (id === undefined) throw new WrongUse('Which request? Its id is needed.');
  return { parts: { id } };
}

const submit: Command = async (api, { words: [file], values }) => {
  if (file === undefined) throw new WrongUse('What is asked for? A file in JSON, or - for what comes in.');
  const given = submissionSchema.safeParse(await json(file));
  if (!given.success) {
    const faults = given.error.issues.map(({ path, message }) => `  ${path.join('.') || '(all)'}: ${message}`);
    throw new WrongUse(`This is no request:\n${faults.join('\n')}`);
  }
  const headers = { 'Idempotency-Key': values['idempotency-key'] ?? crypto.randomUUID() };
  print(await api.call('submitRequest', { body: given.data, headers }));
};

async function json(file: string): Promise<unknown> {
  const content = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
  try {
    return JSON.parse(await content);
  } catch {
    throw new WrongUse(`${file === '-' ? 'What came in' : file} is not there, or no JSON.`);
  }
}

const decide: Command = async (api, said) => {
  const { 'plan-hash': planHash, reason } = said.values;
  const order = { decision: said.words[1], planHash, ...(reason !== undefined && { reason }) };
  const body = decisionOrderSchema.safeParse(order);
  if (!body.success)
    throw new WrongUse('Say approve or reject, and --plan-hash with the hash of the plan that was read.');
  print(await api.call('decideRequest', { ...of(said), body: body.data }));
};

const cancel: Command = async (api, said) => {
  const { reason } = said.values;
  print(await api.call('cancelRequest', { ...of(said), body: reason === undefined ? {} : { reason } }));
};

const plan: Command = async (api, said) => {
  if (!said.items) return print(await api.call('getPlan', of(said)));
  let continuation: string | undefined;
  do {
    const query = { limit: 200, ...(continuation !== undefined && { continuation }) };
    const page = await api.call('listPlanItems', { ...of(said), query });
    for (const item of page.items) console.log(JSON.stringify(item));
    continuation = page.continuation;
  } while (continuation !== undefined);
};

/** As it comes, byte for byte: `dsr verify` reads it. */
const account =
  (operation: 'getReceipt' | 'getJournal'): Command =>
  async (api, said) => {
    const answer = await api.open(operation, said.signed ? 'application/jose' : undefined, of(said));
    process.stdout.write(Buffer.from(await answer.arrayBuffer()));
  };

/** What can be asked of the API, by the word for it. */
export const COMMANDS = new Map<string, Command>([
  ['submit', submit],
  ['status', async (api, said) => print(await api.call('getRequest', of(said)))],
  ['plan', plan],
  ['decide', decide],
  ['cancel', cancel],
  ['receipt', account('getReceipt')],
  ['journal', account('getJournal')],
  ['package', async (api, said) => downloadPackage(api, of(said).parts.id, said.values.out ?? '.')],
]);

export const REMOTE_USAGE = `usage: npm run --silent dsr -- COMMAND … --api URL [--key KEY] [--token TOKEN]

  submit FILE [--idempotency-key WORD]     hands a request in; FILE is JSON as docs/REQUESTS.md tells, - is what comes in
  status ID                                how it stands
  plan ID                                  what a delete or a dry run would touch, and the hash to decide on
  plan ID --items                          each item in it, and what would become of it, a line each; > items.ndjson
  decide ID approve|reject --plan-hash HASH [--reason TEXT]
  cancel ID [--reason TEXT]
  receipt ID [--signed]                    the account of an ended request; > receipt.json, or > receipt.jws
  journal ID [--signed]                    every move; > journal.ndjson, or > journal.jws for its signed head
  package ID [--out DIR]                   downloads volumes and manifest

DSR_API, DSR_KEY and DSR_TOKEN in the environment stand for the options: others on the machine can see a command line.
Exit code: 0 done, 1 the service refused, 2 it could not be asked.`;
