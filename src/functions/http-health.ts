import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { dependencies, settingsHold } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { APP_VERSION } from '../lib/domain/version.ts';
import { storageAnswers } from '../lib/steps/request/health.ts';
import { json, RETRY_LATER } from './http-answers.ts';
import { guarded } from './http-headers.ts';

const PATIENCE_MILLISECONDS = 5000;

async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  return guarded(await health(), request, []);
}

async function health(): Promise<HttpResponseInit> {
  if (!settingsHold())
    return problem('unavailable', { detail: 'The settings of the app are wrong: its log says which.' });
  if (await storageAnswers(dependencies(), PATIENCE_MILLISECONDS))
    return json(200, { status: 'ok', version: APP_VERSION });
  return problem('unavailable', { detail: 'The storage account does not answer.', headers: RETRY_LATER });
}

/** `GET /api/health`, for whoever asks. */
export const registerHealth = (): void =>
  app.http('health', { methods: ['GET'], route: 'health', authLevel: 'anonymous', handler: answer });
