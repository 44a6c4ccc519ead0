import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { RequestStatus } from '../../src/lib/api/answers.ts';
import { progressLines, progressSentence } from './progress.ts';
import { secondsSince } from './text.ts';

const INDENT = '  ';
/** Clears from the cursor to the end of the screen (ECMA-48, ED). */
const CLEAR_BELOW = '\u001b[J';

/** What the demo shows: text, and the progress of a request, redrawn in place on a terminal, as plain lines elsewhere. */
export class Screen {
  readonly #out: WriteStream;
  #drawn = 0;
  #said = new Map<string, string>();
  #begin = performance.now();

  constructor(out: WriteStream) {
    this.#out = out;
  }

  heading(text: string): void {
    this.say('', styleText('bold', text, { stream: this.#out }));
  }

  /** Lines of text, below whatever progress was drawn. */
  say(...lines: readonly string[]): void {
    this.#drawn = 0;
    for (const line of lines) this.#out.write(`${line}\n`);
  }

  /** A line that names what it tells: `  package   …`; an empty name continues the one above. */
  fact(name: string, ...lines: readonly string[]): void {
    lines.forEach((line, index) => {
      this.say(`${INDENT}${(index === 0 ? name : '').padEnd(9)} ${line}`);
    });
  }

  good = (text: string): string => styleText('green', text, { stream: this.#out });
  bad = (text: string): string => styleText('red', text, { stream: this.#out });

  /** A request whose progress comes next. */
  begin(): void {
    this.#drawn = 0;
    this.#said = new Map();
    this.#begin = performance.now();
  }

  progress(request: RequestStatus): void {
    const lines = progressLines(request);
    if (this.#out.isTTY && lines.length + 2 < this.#out.rows) this.#redraw(request, lines);
    else this.#tell(request);
  }

  #redraw({ state }: RequestStatus, lines: readonly string[]): void {
    const all = [...lines, `${state.padEnd(18)} ${secondsSince(this.#begin)}`];
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    const cut = all.map((line) => `${INDENT}${line}`.slice(0, this.#out.columns - 1));
    this.#out.write(`${up}\r${CLEAR_BELOW}${cut.join('\n')}\n`);
    this.#drawn = cut.length;
  }

  /** Only what has changed since it was last told, and only what was achieved. */
  #tell(request: RequestStatus): void {
    for (const task of request.tasks) {
      const sentence = progressSentence(request, task);
      if (sentence !== undefined) this.#tellOnce(task.taskId, sentence);
    }
    this.#tellOnce('', request.state);
  }

  #tellOnce(key: string, text: string): void {
    if (this.#said.get(key) === text) return;
    this.#said.set(key, text);
    this.#out.write(`${INDENT}${secondsSince(this.#begin).padStart(7)}  ${text}\n`);
  }
}
