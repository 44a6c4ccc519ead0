import { describe, expect, it } from 'vitest';
import { parseLocalArguments } from '../../local/arguments.ts';

describe('the command line of npm run local', () => {
  it('has a default for everything: a free port, .local, one worker, the bundled simulator', () => {
    expect(parseLocalArguments([])).toEqual({ port: 0, data: '.local', workers: 1, verbose: false });
  });

  it('takes every option', () => {
    const words = '--port 7071 --data /tmp/x --upstream http://127.0.0.1:9 --targets t.json --workers 3 --verbose';
    expect(parseLocalArguments(words.split(' '))).toEqual({
      port: 7071,
      data: '/tmp/x',
      upstream: 'http://127.0.0.1:9',
      targets: 't.json',
      workers: 3,
      verbose: true,
    });
  });

  it.each([
    ['an unknown option', ['--prot', '1']],
    ['a stray word', ['now']],
    ['a port that is no number', ['--port', 'http']],
    ['a port beyond the last', ['--port', '65536']],
    ['an empty port', ['--port', '']],
    ['no worker at all', ['--workers', '0']],
    ['half a worker', ['--workers', '1.5']],
    ['an upstream without its own targets', ['--upstream', 'http://127.0.0.1:9']],
    ['an upstream that is no address', ['--upstream', 'elsewhere', '--targets', 't.json']],
  ])('refuses %s and shows how it is used', (_, words) => {
    expect(() => parseLocalArguments(words)).toThrow(/usage: npm run local/);
  });
});
