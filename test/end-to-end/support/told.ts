import type { Stage } from './stage.ts';
import type { Trace } from './traces.ts';

const PARTS = ['', 'plan', 'receipt', 'journal', 'package'];
const SIGNED = ['receipt', 'journal'];

/** What the API tells of a request and in lists, heads and all; but for the package's contents, which are looked at where they lie. */
export async function toldOf(stage: Stage, id: string): Promise<Trace[]> {
  const own = PARTS.map((part) => `/requests/${id}${part && `/${part}`}`);
  const lists = ['/requests', '/requests?state=completed', '/requests?action=delete'];
  const told = await Promise.all([...lists, ...own].map((path) => answerTo(stage, path, 'application/json')));
  const signed = await Promise.all(
    SIGNED.map((part) => answerTo(stage, `/requests/${id}/${part}`, 'application/jose')),
  );
  return [...told, ...signed.flat()].flat();
}

/** As it was told; and what a signed document says within its signature. */
async function answerTo(stage: Stage, path: string, accept: string): Promise<Trace[]> {
  const headers = { 'x-functions-key': 'portal-key', accept };
  const answer = await fetch(`${stage.host.url}/api${path}`, { headers });
  const where = `${answer.status} GET ${path}`;
  const text = await answer.text();
  const signed = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(text.trim())?.[1];
  const told = [{ where, text: `${JSON.stringify([...answer.headers])}\n${text}` }];
  return signed === undefined
    ? told
    : [...told, { where: `${where}, signed`, text: Buffer.from(signed, 'base64url').toString('utf8') }];
}
