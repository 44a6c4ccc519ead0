import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { fromBufferPromise } from 'yauzl';
import type { Interference, Passing } from './proxy.ts';
import type { Stage } from './stage.ts';

/** Something that was written down somewhere. */
export interface Trace {
  readonly where: string;
  readonly text: string;
}

/** All that an installation has left behind: blobs, queues, the durable hub's file and the host's other files, and the logs. */
export async function* tracesOf(stage: Stage): AsyncGenerator<Trace> {
  const { connectionString } = stage.azurite;
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name } of blobs.listContainers()) yield* blobTraces(blobs.getContainerClient(name));
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  for await (const { name } of queues.listQueues()) {
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    for (const { messageText } of peekedMessageItems) yield* opened(`message on ${name}`, messageText);
  }
  yield* fileTraces(stage.hostOptions.dataDirectory);
  yield { where: 'log', text: stage.log.join('\n') };
}

async function* blobTraces(container: ContainerClient): AsyncGenerator<Trace> {
  for await (const { name, metadata, tags } of container.listBlobsFlat({ includeMetadata: true, includeTags: true })) {
    const content = await container.getBlobClient(name).downloadToBuffer();
    yield { where: `name, metadata and tags of ${name}`, text: JSON.stringify([name, metadata, tags]) };
    if (!name.endsWith('.zip')) yield* opened(name, content.toString('utf8'));
    else yield* archiveTraces(name, content);
  }
}

async function* archiveTraces(name: string, archive: Buffer): AsyncGenerator<Trace> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    yield { where: `${name}: ${entry.fileName}`, text: `${entry.fileName}\n${content.toString('utf8')}` };
  }
}

async function* fileTraces(folder: string): AsyncGenerator<Trace> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    yield { where: path, text: (await readFile(path)).toString('utf8') };
    // The file alone isn't enough: a long value lies in it in pieces.
    if (path.endsWith('.sqlite')) yield* rowTraces(path);
  }
}

function* rowTraces(path: string): Generator<Trace> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
      for (const row of database.prepare(`SELECT * FROM "${name}"`).all()) {
        yield { where: `${path}, table ${name}`, text: JSON.stringify(row) };
      }
    }
  } finally {
    database.close();
  }
}

/** What is sent to storage to stay there for a while: also what is gone by the end. */
export function* sentTraces({ method, url, headers, body }: Passing): Generator<Trace> {
  if (method === 'GET' || method === 'HEAD') return;
  const where = `${method} ${url.replace(/\?.*/, '')}`;
  const { authorization: _, ...said } = headers;
  yield { where: `head of ${where}`, text: `${decodeURIComponent(url)}\n${JSON.stringify(said)}` };
  // Archives are opened where they lie.
  if (!/\/package-\d+\.zip/.test(url)) yield* opened(`body of ${where}`, body.toString('utf8'));
}

/** Keeps all that is sent on its way. */
export const keeping = (sent: Trace[]): Interference => ({
  before: (passing) => {
    sent.push(...sentTraces(passing));
    return 'pass';
  },
});

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/** A text, and what is written within it as base64: messages of queues, signed documents. */
function* opened(where: string, text: string): Generator<Trace> {
  yield { where, text };
  const inner = (text.match(BASE64) ?? []).map((part) => Buffer.from(part, 'base64').toString('utf8'));
  if (inner.length > 0) yield { where: `${where} (base64)`, text: inner.join('\n') };
}
