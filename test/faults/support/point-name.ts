import { z } from 'zod';
import type { Passing } from '../../end-to-end/support/proxy.ts';

const recordBody = z.object({ journal: z.object({ pendingLine: z.string() }) });
const journalLine = z.object({ event: z.string(), run: z.number() });
const roundBody = z.object({ instanceId: z.string() });
const progressBody = z.object({ phase: z.string(), finished: z.boolean() });
const sliceMessage = z.object({ sliceId: z.string().optional() });
/** The path below Custom Vision's base, or below a provider of Azure's, straight or behind a data plane. */
const UPSTREAM =
  /^\/(?:customvision\/v[^/]+\/training|(?:(?:history|artifact|modelmanagement)\/v[^/]+\/)?subscriptions\/.*\/providers\/[^/]+)(\/.*)$/;
const messageText = /<MessageText>([^<]*)<\/MessageText>/;

/**
 * The kind of side effect that a request to storage or upstream is, by method and name with the ids taken out; where one name is written
 * at several stages of a request's life, its content tells which. Undefined for what changes nothing, and for what the host does itself.
 */
export function pointOf(passing: Passing): string | undefined {
  const { method, url } = passing;
  // Asking how a deletion ends changes nothing upstream, but what is known here.
  const poll = /\/(operationsStatus|computeOperations(?:Status|Results)|operations)\//.exec(url)?.[1];
  if (method === 'GET' && poll !== undefined) return `GET upstream /${poll}/*`;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const { pathname, searchParams } = new URL(url, 'http://proxy.invalid');
  const upstream = UPSTREAM.exec(pathname)?.[1];
  // Stored predictions are read by a POST, and what the successor lists of runs.
  if (upstream !== undefined && /[/:]query$/.test(upstream)) return undefined;
  if (upstream !== undefined) return `${method} upstream ${withoutIds(decodeURIComponent(upstream))}`;
  const queue = /^\/devstoreaccount1\/(dsr-[a-z-]+)\/messages$/.exec(pathname)?.[1];
  if (queue !== undefined && method === 'POST') return messagePoint(queue, passing.body.toString());
  const blob = /^\/devstoreaccount1\/dsr\/(.+)$/.exec(pathname)?.[1];
  if (blob === undefined) return undefined;
  const part = searchParams.get('comp');
  const marked = String(passing.headers['x-ms-meta-facts'] ?? '').includes('"marked":true') ? ', marked' : '';
  const verb = part === null ? method : `${method} ${part}`;
  return `${blobPoint(verb, decodeURIComponent(blob), passing.body.toString())}${marked}`;
}

function messagePoint(queue: string, body: string): string {
  if (queue === 'dsr-requests') return 'POST message for a request';
  const text = Buffer.from(messageText.exec(body)?.[1] ?? '', 'base64').toString();
  const { sliceId = '' } = sliceMessage.parse(JSON.parse(text));
  return `POST message for a slice: ${phaseOf(sliceId)}`;
}

const phaseOf = (sliceId: string): string => sliceId.replace(/-[0-9a-f]{24}$/, '-*');

function blobPoint(verb: string, blob: string, body: string): string {
  const name = withoutIds(blob.replace(/^requests\/[^/]+\//, '').replace(/^tasks\/[^/]+\//, ''));
  if (verb === 'DELETE') return `${verb} ${name}`;
  if (name === 'record.json')
    return `${verb} ${name}: ${eventIn(recordBody.parse(JSON.parse(body)).journal.pendingLine)}`;
  if (name === 'journal.ndjson' && body !== '') return `${verb} ${name}: ${eventIn(body)}`;
  if (name === 'round.json') return `${verb} ${name}: ${roundBody.parse(JSON.parse(body)).instanceId.split(':')[2]}`;
  if (name === 'progress.json') return `${verb} ${name}: ${progressOf(progressBody.parse(JSON.parse(body)))}`;
  return `${verb} ${name}`;
}

/** The event of a journal line; a claimed run with its number. */
function eventIn(line: string): string {
  const { event, run } = journalLine.parse(JSON.parse(line));
  return event === 'run-claimed' ? `${event} ${run}` : event;
}

const progressOf = ({ phase, finished }: z.infer<typeof progressBody>): string =>
  `${phase}${finished ? ' finished' : ''}`;

const withoutIds = (path: string): string =>
  path
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*')
    .replace(/[0-9a-f]{24,}/g, '*')
    .replace(/(?:dcid\.)?run_\d+_[0-9a-f]{8}/g, '*')
    .replace(/^targets\/[^/]+/, 'targets/*')
    .replace(/^content\/.*/, 'content/*');
