import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../lib/app/problem.ts';
import type { OpenDsrProcessor, OpenDsrVersion } from '../lib/domain/open-dsr.ts';
import type { OpenDsrFault } from '../lib/plan/open-dsr.ts';
import { signatureHeaders } from '../lib/steps/open-dsr/answers.ts';

export interface Speaker {
  readonly processor: OpenDsrProcessor;
  readonly version: OpenDsrVersion;
}

/** An answer in JSON, signed byte for byte as it goes out. */
export function signed({ processor, version }: Speaker, status: number, value: unknown): HttpResponseInit {
  const body = JSON.stringify(value);
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status, headers: { ...headers, ...signatureHeaders(processor, version, body) }, body };
}

const MOST_FAULTS = 50;

/** The standard's shape of an error. Its texts are ours: none quotes an identity. */
export function refusal(speaker: Speaker, status: number, faults: readonly OpenDsrFault[]): HttpResponseInit {
  const errors = faults.slice(0, MOST_FAULTS).map(({ reason, message }) => ({ domain: 'request', reason, message }));
  const [first] = errors;
  const message = first ? `${first.reason}: ${first.message}` : 'The request can not be taken.';
  return signed(speaker, status, { error: { code: status, message, errors } });
}

export const notThere = (speaker: Speaker): HttpResponseInit =>
  refusal(speaker, 404, [{ reason: 'subject_request_id', message: 'no request of yours has this id' }]);

/** Nobody to sign as. */
export const notSpoken = (): HttpResponseInit =>
  problem('not-found', { detail: 'This service is not set up as an OpenDSR processor.' });
