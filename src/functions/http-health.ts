import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../lib/app/problem.ts';
import { VERSION } from '../lib/domain/version.ts';
import { storageAnswers } from '../lib/steps/health.ts';
import { json } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';

const PATIENCE_MILLISECONDS = 5000;

async function answer({ deps }: Call): Promise<HttpResponseInit> {
  if (await storageAnswers(deps, PATIENCE_MILLISECONDS)) return json(200, { status: 'ok', version: VERSION });
  return problem('unavailable', { detail: 'The storage account does not answer.', headers: { 'retry-after': '5' } });
}

/** `GET /api/health`, for whoever asks. */
export const registerHealth = (): void =>
  registerRoute({ name: 'health', method: 'GET', path: 'health', authLevel: 'anonymous', answer });
