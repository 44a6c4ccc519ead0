/** `npm run --silent dsr -- COMMAND …`: verifies receipt, package and journal of a request offline, and calls the API of the service. */
import { ApiRefusal } from '../client/refusal.ts';
import { COMMANDS, REMOTE_USAGE } from './remote/commands.ts';
import { clientFor, said } from './remote/words.ts';
import { UnusableFile } from './verify/given.ts';
import { VERIFY_USAGE, verifyCommand } from './verify-command.ts';
import { WrongUse } from './wrong-use.ts';

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === 'verify') return verifyCommand(words);
  const command = COMMANDS.get(name ?? '');
  if (!command) throw new WrongUse(`${REMOTE_USAGE}\n\n${VERIFY_USAGE}`);
  const what = said(words, REMOTE_USAGE);
  await command(clientFor(what, process.env), what);
  return 0;
}

/** Nothing that comes from elsewhere steers the terminal. */
const plain = (sentence: string): string => sentence.replace(/[^\P{C}\n]/gu, '?');

/** What goes wrong by itself: a refusal, a service that isn't there. */
function toldOf(error: unknown): { sentence: unknown; code: 1 | 2 } {
  if (error instanceof ApiRefusal) {
    const fields = (error.problem?.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    return { sentence: plain(`${error.message}${fields.join('')}`), code: 1 };
  }
  if (error instanceof WrongUse || error instanceof UnusableFile) return { sentence: error.message, code: 2 };
  // `fetch` says only this much in its message; why stands in the cause.
  if (error instanceof TypeError && error.message === 'fetch failed') {
    return { sentence: 'The service could not be reached.', code: 2 };
  }
  return { sentence: error, code: 2 };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { sentence, code } = toldOf(error);
    console.error(sentence);
    process.exitCode = code;
  },
);
