import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Findings } from './verify/findings.ts';
import { type ToVerify, verify } from './verify/verify.ts';
import { WrongUse } from './wrong-use.ts';

export const VERIFY_USAGE = `usage: npm run --silent dsr -- verify [--jwks FILE|URL] FILE…

  FILE    files of one request, any of: receipt.json, receipt.jws, manifest.json, package-*.zip, journal.ndjson,
          journal.jws (a signed head of the journal), jwks.json (the public keys)
  --jwks  the public keys of the service, as a file or from its /api/.well-known/jwks.json

Exit code: 0 nothing is wrong with what was given, 1 something is, 2 it could not be verified.
What is proved, and what is not, is printed: without the public keys nothing proves who wrote the files.`;

/** Verifies files of a request, offline. @returns the exit code. @throws WrongUse, UnusableFile. */
export async function verifyCommand(words: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parsed(words);
  if (paths.length === 0) throw new WrongUse(VERIFY_USAGE);
  const given: ToVerify = { paths, ...(values.jwks !== undefined && { keySet: await keySetFrom(values.jwks) }) };
  const findings = await verify(given);
  print(findings);
  return findings.wrong.length > 0 ? 1 : 0;
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { jwks: { type: 'string' } } });
  } catch (error) {
    throw new WrongUse(`${error instanceof Error ? error.message : ''}\n\n${VERIFY_USAGE}`);
  }
}

/** The keys are what all trust rests on: from the network only where nobody on the way can swap them. */
async function keySetFrom(place: string): Promise<{ name: string; text: string }> {
  if (!/^https?:/.test(place)) return { name: place, text: await readFile(place, 'utf8').catch(() => fail(place)) };
  const url = new URL(place);
  if (url.protocol !== 'https:' && url.hostname !== '127.0.0.1' && url.hostname !== 'localhost') {
    throw new WrongUse('Public keys are fetched over https only.');
  }
  const answer = await fetch(url).catch(() => fail(place));
  return answer.ok ? { name: place, text: await answer.text() } : fail(place);
}

function fail(place: string): never {
  throw new WrongUse(`The public keys could not be read from ${place}.`);
}

function print({ stated, proved, open, wrong }: Findings): void {
  section('What the receipt states', '·', stated);
  section('Proved', '✓', proved);
  section('Not proved', '–', open);
  section('WRONG', '✗', wrong);
  console.log(
    wrong.length > 0
      ? 'These files are not what they should be.'
      : open.length > 0
        ? 'Nothing is wrong with what was given; see above what that does not prove.'
        : 'Everything holds.',
  );
}

function section(title: string, mark: string, sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  console.log(`${title}\n${sentences.map((sentence) => `  ${mark} ${plain(sentence)}`).join('\n')}\n`);
}

/** Sentences may quote names from files that somebody forged: nothing in them may steer the terminal. */
const plain = (sentence: string): string => sentence.replace(/[\p{Cc}\p{Cf}]/gu, '?');
