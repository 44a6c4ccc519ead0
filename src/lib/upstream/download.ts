import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import type { Telemetry } from '../domain/telemetry.ts';
import { judge, type Verdict } from '../plan/verdict.ts';
import { allowedLink } from './allowed-link.ts';
import { announcedBytes, readErrorCode } from './answer.ts';
import { withAttempts } from './attempts.ts';
import { withDeadline } from './deadline.ts';
import { EVERY_STATUS, verdictOf } from './exchange.ts';
import { verdictOfError } from './failure.ts';
import type { Pipelines } from './pipelines.ts';
import { openBody } from './resume.ts';
import { type ToldCall, toldBytes, toldCall } from './told-calls.ts';

export { DownloadBroken } from './resume.ts';

/** Bytes behind a link. The body is read once: to its end, or left early (`break`, `return`), which closes the connection. */
export interface Content {
  readonly contentType: string | undefined;
  /** Length as announced; the body yields exactly so many bytes or throws DownloadBroken. */
  readonly bytes: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface DownloadOptions {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly callSeconds: number;
  readonly retries: number;
  readonly telemetry: Telemetry;
}

/** A link that may be followed. `told`: what those who watch hear of it. */
interface Followed {
  readonly url: URL;
  readonly told: ToldCall;
}

const WHAT = 'Download';
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

/** Asks for the bytes behind a link. No error and no reason quotes the link: its query is a key. */
export function download(options: DownloadOptions, target: Target, link: string): Promise<Verdict<Content>> {
  let resend = -1;
  return withAttempts(options, 'read', async () => {
    resend += 1;
    try {
      return await follow(options, { target, name: WHAT, verb: 'GET', resend }, link);
    } catch (error) {
      return verdictOfError(error, WHAT, options.clock.now());
    }
  });
}

async function follow(
  options: DownloadOptions,
  told: ToldCall & { readonly target: Target },
  link: string,
): Promise<Verdict<Content>> {
  const { target } = told;
  let url = allowedLink(link, target.linkHosts);
  for (let redirects = 0; url !== undefined && redirects <= MOST_REDIRECTS; redirects += 1) {
    const response: PipelineResponse = await ask(options, { url, told });
    if (!REDIRECTS.has(response.status)) return interpret(options, { url, told }, response);
    await readErrorCode(response);
    url = redirectOf(response, url, target);
  }
  return {
    kind: 'refused',
    status: 0,
    code: 'LinkNotAllowed',
    reason: `${WHAT}: the link leads where none may be followed`,
  };
}

function redirectOf(response: PipelineResponse, from: URL, target: Target): URL | undefined {
  const location = response.headers.get('location');
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  return allowedLink(new URL(location, from).href, target.linkHosts);
}

/** A GET without secrets of ours. Resolves once the headers are there. */
async function ask(
  options: DownloadOptions,
  { url, told }: Followed,
  headers: Record<string, string> = {},
): Promise<PipelineResponse> {
  const send = (signal: AbortSignal) =>
    options.pipelines.unsigned(
      createPipelineRequest({
        url: url.href,
        // Lengths and offsets are those of the bytes as they lie there.
        headers: createHttpHeaders({ 'accept-encoding': 'identity', ...headers }),
        abortSignal: signal,
        streamResponseStatusCodes: new Set(EVERY_STATUS),
      }),
    );
  const { response } = await toldCall(options.telemetry, told, async () => ({
    response: await withDeadline(options.callSeconds, send),
  }));
  return response;
}

async function interpret(
  options: DownloadOptions,
  followed: Followed,
  response: PipelineResponse,
): Promise<Verdict<Content>> {
  const { status, headers } = response;
  if (status === 200) {
    const { url, told } = followed;
    const again = { url, told: { ...told, resend: (told.resend ?? 0) + 1 } };
    const bytes = openBody(response, (rangeHeaders) => ask(options, again, rangeHeaders), options.callSeconds);
    const body = toldBytes(options.telemetry, told, bytes);
    return { kind: 'ok', value: { contentType: headers.get('content-type'), bytes: announcedBytes(response), body } };
  }
  const code = await readErrorCode(response);
  const judgement = judge({ status, headers, code }, options.clock.now());
  // Only a 200 is the whole content: another 2xx is an answer to something that wasn't asked.
  const other = judgement.kind === 'ok' ? ({ kind: 'refused' } as const) : judgement;
  return verdictOf(other, { status, code, operation: WHAT });
}
