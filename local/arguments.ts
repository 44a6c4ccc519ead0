import { parseArgs } from 'node:util';

const USAGE = `usage: npm run local -- [--port N] [--data DIR] [--upstream URL] [--targets FILE] [--workers N] [--verbose]

  --port N         port of the app; a free one without it
  --data DIR       where everything is kept (.local)
  --upstream URL   other upstream services on loopback instead of the bundled simulator; needs --targets
  --targets FILE   the operator's data map (docs/hosting.md); by default the simulator's resources
  --workers N      worker processes (1)
  --verbose        show the host's log`;

export interface LocalArguments {
  readonly port: number;
  readonly data: string;
  readonly upstream?: string;
  readonly targets?: string;
  readonly workers: number;
  readonly verbose: boolean;
}

/** What the command line says. @throws Error with the usage for anything else. */
export function parseLocalArguments(words: readonly string[]): LocalArguments {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string', default: '0' },
        data: { type: 'string', default: '.local' },
        upstream: { type: 'string' },
        targets: { type: 'string' },
        workers: { type: 'string', default: '1' },
        verbose: { type: 'boolean', default: false },
      },
    });
    checkUpstream(values.upstream, values.targets);
    return {
      port: wholeNumber('--port', values.port, 0),
      data: values.data,
      workers: wholeNumber('--workers', values.workers, 1),
      verbose: values.verbose,
      ...(values.upstream === undefined ? {} : { upstream: values.upstream }),
      ...(values.targets === undefined ? {} : { targets: values.targets }),
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

/** Other services than the simulator hold other resources, so somebody has to say which. */
function checkUpstream(upstream: string | undefined, targets: string | undefined): void {
  if (upstream === undefined) return;
  if (!URL.canParse(upstream)) throw new Error('--upstream takes a URL, for example http://127.0.0.1:8080.');
  if (targets === undefined) throw new Error('--upstream needs --targets: which resources lie there?');
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < least || value > 65_535) throw new Error(`${name} takes a whole number.`);
  return value;
}
