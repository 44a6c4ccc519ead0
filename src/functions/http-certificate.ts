import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { openDsrProcessor } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { CERTIFICATE_PATH } from '../lib/steps/open-dsr/answers.ts';
import { guarded } from './http-headers.ts';
import { notSpoken } from './open-dsr-shape.ts';

/** Never throws: wrong settings are answered. */
const answer = async (request: HttpRequest): Promise<HttpResponseInit> => guarded(certificate(), request, []);

function certificate(): HttpResponseInit {
  try {
    const processor = openDsrProcessor();
    if (!processor) return notSpoken();
    const headers = { 'content-type': 'application/x-pem-file', 'cache-control': 'public, max-age=600' };
    return { status: 200, headers, body: processor.certificate };
  } catch {
    return problem('internal', { detail: 'The settings of the app are not in order: see its log.' });
  }
}

/** `GET /api/opendsr/certificate.pem`, for whoever asks: the certificate of OpenDSR's signatures. */
export const registerCertificate = (): void =>
  app.http('openDsrCertificate', {
    methods: ['GET'],
    route: CERTIFICATE_PATH,
    authLevel: 'anonymous',
    handler: answer,
  });
