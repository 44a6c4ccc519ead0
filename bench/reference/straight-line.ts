/**
 * The straight-line program that the app is measured against: the same GETs with keep-alive and the same concurrency, the same bytes to
 * storage (documents in large blobs, each content in one, all of it once more as one package), no durability: nothing is written down
 * that a crash would need. Reads a job from standard input, prints what it took as one line of JSON.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { buffer, json, text } from 'node:stream/consumers';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { keepAliveClient } from './keep-alive.ts';
import { inLanes } from './lanes.ts';

const BLOCK_BYTES = 8 * 1024 * 1024;
const DOCUMENT_BYTES = 4 * 1024 * 1024;

const jobSchema = z.object({
  upstream: z.string(),
  connectionString: z.string(),
  container: z.string(),
  /** Calls made at the same time. */
  concurrency: z.number(),
  /** Calls in their order. `content`: bytes that become a blob; otherwise JSON. */
  calls: z.array(
    z.object({ host: z.string(), url: z.string(), content: z.boolean(), headers: z.record(z.string(), z.string()) }),
  ),
  package: z.boolean(),
});
export type StraightLineJob = z.infer<typeof jobSchema>;

export interface StraightLineResult {
  /** Until everything was read and saved. */
  readonly workSeconds: number;
  /** With the package. */
  readonly seconds: number;
  readonly documents: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
}

interface Saved {
  readonly names: string[];
  documents: number;
  bytes: number;
}

async function main(): Promise<StraightLineResult> {
  const job = jobSchema.parse(JSON.parse(await text(process.stdin)));
  const container = BlobServiceClient.fromConnectionString(job.connectionString).getContainerClient(job.container);
  await container.createIfNotExists();
  const began = performance.now();
  const saved = await readAndSave(job, container);
  const workSeconds = (performance.now() - began) / 1000;
  if (job.package) await pack(container, saved);
  const { user, system } = process.cpuUsage();
  const seconds = (performance.now() - began) / 1000;
  return { workSeconds, seconds, documents: saved.documents, bytes: saved.bytes, cpuSeconds: (user + system) / 1e6 };
}

async function readAndSave(job: StraightLineJob, container: ContainerClient): Promise<Saved> {
  const client = keepAliveClient(job.upstream);
  const saved: Saved = { names: [], documents: 0, bytes: 0 };
  let lines: string[] = [];
  let waiting = 0;
  const flush = async () => {
    const whole = Buffer.from(lines.join(''));
    lines = [];
    waiting = 0;
    if (whole.length > 0) await save(container, saved, { name: `documents/${saved.names.length}`, whole });
  };
  await inLanes(job.calls, job.concurrency, async (call, index) => {
    const answer = await client.open(call);
    if (call.content) return saveContent(container, saved, { name: `content/${index}`, answer });
    for (const element of elementsOf(await json(answer))) {
      const line = `${JSON.stringify(element)}\n`;
      lines.push(line);
      waiting += line.length;
      saved.documents += 1;
    }
    if (waiting >= DOCUMENT_BYTES) await flush();
  });
  await flush();
  client.close();
  return saved;
}

/** A list's elements; a document is its own. */
function elementsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const value = z.object({ value: z.array(z.unknown()) }).safeParse(body);
  return value.success ? value.data.value : [body];
}

async function save(container: ContainerClient, saved: Saved, one: { name: string; whole: Buffer }): Promise<void> {
  saved.names.push(one.name);
  saved.bytes += one.whole.length;
  const sha256 = createHash('sha256').update(one.whole).digest('hex');
  const blob = container.getBlockBlobClient(one.name);
  await blob.uploadData(one.whole, {
    metadata: { sha256 },
    maxSingleShotSize: DOCUMENT_BYTES,
    blockSize: DOCUMENT_BYTES,
  });
}

/** Small contents in one operation, large ones in blocks as they come. */
async function saveContent(
  container: ContainerClient,
  saved: Saved,
  { name, answer }: { name: string; answer: IncomingMessage },
): Promise<void> {
  const bytes = Number(answer.headers['content-length']);
  if (bytes <= DOCUMENT_BYTES) return save(container, saved, { name, whole: await buffer(answer) });
  const hash = createHash('sha256');
  answer.on('data', (chunk: Buffer) => hash.update(chunk));
  const blob = container.getBlockBlobClient(name);
  await blob.uploadStream(answer, DOCUMENT_BYTES, 2);
  await blob.setMetadata({ sha256: hash.digest('hex') });
  saved.names.push(name);
  saved.bytes += bytes;
}

/** Everything once more, read from its blobs and written as one: what a package costs in bytes. */
async function pack(container: ContainerClient, saved: Saved): Promise<void> {
  const hash = createHash('sha256');
  const blob = container.getBlockBlobClient('package');
  const blocks: string[] = [];
  let held: Buffer[] = [];
  let bytes = 0;
  const stage = async () => {
    const block = Buffer.concat(held);
    held = [];
    bytes = 0;
    const id = Buffer.from(String(blocks.length).padStart(8, '0')).toString('base64');
    blocks.push(id);
    hash.update(block);
    await blob.stageBlock(id, block, block.length);
  };
  for (const name of saved.names) {
    const answer = await container.getBlobClient(name).download();
    for await (const chunk of answer.readableStreamBody ?? []) {
      const part = Buffer.from(chunk);
      held.push(part);
      bytes += part.length;
      if (bytes >= BLOCK_BYTES) await stage();
    }
  }
  if (bytes > 0) await stage();
  await blob.commitBlockList(blocks, { metadata: { sha256: hash.digest('hex') } });
}

console.log(JSON.stringify(await main()));
