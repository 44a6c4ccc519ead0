import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { contractsFolder } from '../../local/simulator/contracts.ts';
import { found } from './until.ts';

const exampleSchema = z.object({ responses: z.record(z.string(), z.object({ body: z.unknown().optional() })) });
const recordingSchema = z.object({
  exchanges: z.array(
    z.object({ method: z.string(), path: z.string(), status: z.number(), body: z.unknown().optional() }),
  ),
});

/** The body that a published specification gives as an example of a good answer. */
export function exampleBody(path: string): unknown {
  const text = readFileSync(`${contractsFolder}specs/examples/${path}.json`, 'utf8');
  return exampleSchema.parse(JSON.parse(text)).responses['200']?.body;
}

/** The last body that was recorded at a path of the real service. */
export function recordedBody(file: string, path: RegExp): unknown {
  const { exchanges } = recordingSchema.parse(
    JSON.parse(readFileSync(`${contractsFolder}recorded/${file}.json`, 'utf8')),
  );
  const good = exchanges.filter(
    (exchange) => exchange.method === 'GET' && exchange.status === 200 && path.test(exchange.path),
  );
  return found(good.at(-1), `a recorded answer at ${path}`).body;
}
