/**
 * The host as a process of its own: `node local/host/process.ts OPTIONS.json`. Prints `ready http://127.0.0.1:PORT` once requests are served and
 * the host's log as lines; SIGTERM and SIGINT end it in good order. Killed, it takes its workers with it: they notice the lost channel.
 */
import { readFile } from 'node:fs/promises';
import { startHost } from './host.ts';
import { hostOptions } from './options.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node local/host/process.ts OPTIONS.json');
const options = hostOptions.parse(JSON.parse(await readFile(file, 'utf8')));
const host = await startHost({ ...options, log: (line) => process.stdout.write(`${line}\n`) });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.stop());
process.stdout.write(`ready ${host.url}\n`);
