import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { openPromise } from 'yauzl';
import { z } from 'zod';
import { checkPackage } from '../../../local/package-check.ts';
import type { DocumentLine } from '../../../src/lib/domain/ledger.ts';
import { documentLineSchema } from '../../../src/lib/domain/ledger.ts';
import type { Stage } from './stage.ts';

const listing = z.object({ volumes: z.array(z.looseObject({ name: z.string(), href: z.string() })) });
const accountSchema = z.looseObject({
  line: z.string(),
  key: z.string().optional(),
  outcome: z.string().optional(),
  contents: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() }).loose()).optional(),
});

/** A downloaded package, read. */
export interface OpenedPackage {
  readonly documents: readonly DocumentLine[];
  /** SHA-256s of contents by the key of their item, as the package's ledgers say; checked against the very files. */
  readonly contents: ReadonlyMap<string, readonly string[]>;
  readonly outcomes: ReadonlyMap<string, string>;
  /** All text in it. */
  readonly text: string;
}

/** Downloads the package of a request over the API, checks every size and digest in it, and reads it. */
export async function openPackage(stage: Stage, requestId: string): Promise<OpenedPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    const { volumes } = listing.parse((await stage.portal.call('GET', `/requests/${requestId}/package`)).json);
    for (const name of ['manifest.json', ...volumes.map((volume) => volume.name)]) {
      await writeFile(join(folder, name), await stage.portal.bytes(`/requests/${requestId}/package/${name}`));
    }
    expect(await checkPackage(folder)).toEqual([]);
    const texts: string[] = [];
    for (const { name } of volumes) texts.push(...(await textEntries(join(folder, name))));
    return read(texts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function textEntries(path: string): Promise<string[]> {
  const texts: string[] = [];
  const zip = await openPromise(path, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('.ndjson')) texts.push(await text(await zip.openReadStreamPromise(entry)));
  }
  return texts;
}

function read(texts: readonly string[]): OpenedPackage {
  const documents: DocumentLine[] = [];
  const contents = new Map<string, string[]>();
  const outcomes = new Map<string, string>();
  for (const line of texts.flatMap((one) => one.trimEnd().split('\n'))) {
    const parsed: unknown = JSON.parse(line);
    const account = accountSchema.parse(parsed);
    if (account.line === 'document') documents.push(documentLineSchema.parse(parsed));
    if (account.line !== 'item' || account.key === undefined) continue;
    outcomes.set(account.key, account.outcome ?? '');
    contents.set(
      account.key,
      (account.contents ?? []).map(({ sha256 }) => sha256),
    );
  }
  return { documents, contents, outcomes, text: texts.join('\n') };
}
