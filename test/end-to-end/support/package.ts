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
  /** All text of its ledgers and documents. */
  readonly text: string;
  /** Keys of the items that the report shows, sorted. */
  readonly reported: readonly string[];
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
    const entries: TextEntry[] = [];
    for (const { name } of volumes) entries.push(...(await textEntries(join(folder, name))));
    const texts = entries.filter(({ name }) => name.endsWith('.ndjson')).map((entry) => entry.text);
    return { ...read(texts), reported: reportedIn(entries) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface TextEntry {
  readonly name: string;
  readonly text: string;
}

async function textEntries(path: string): Promise<TextEntry[]> {
  const texts: TextEntry[] = [];
  const zip = await openPromise(path, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (!/\.(?:ndjson|html)$/.test(name)) continue;
    texts.push({ name, text: await text(await zip.openReadStreamPromise(entry)) });
  }
  return texts;
}

/** The overview must link to the pages; each page shows its items with their keys. */
function reportedIn(entries: readonly TextEntry[]): string[] {
  const pages = entries.filter(({ name }) => /\/report-\d+\.html$/.test(name));
  const overview = entries.find(({ name }) => name === 'report.html')?.text ?? '';
  for (const { name } of pages.filter((page) => page.name.endsWith('0001.html'))) expect(overview).toContain(name);
  const keys = pages.flatMap((page) => [...page.text.matchAll(/Key: <bdi>([^<]*)<\/bdi>/g)].map(([, key = '']) => key));
  return keys.map((key) => key.replaceAll('&#39;', "'")).sort();
}

function read(texts: readonly string[]): Omit<OpenedPackage, 'reported'> {
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
