import { TOLD_HEADERS, type Webhook } from '../webhooks.ts';
import { jsonContent } from './operation.ts';
import type { Json } from './schemas.ts';

/** A call that the app makes, as a path item of OpenAPI. */
export const webhookOf = (operationId: string, webhook: Webhook): Json => ({
  post: {
    operationId,
    tags: ['callbacks'],
    summary: webhook.summary,
    description: webhook.details,
    parameters: webhook.headers.map((name) => ({
      name,
      in: 'header',
      required: true,
      description: TOLD_HEADERS[name],
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: jsonContent(webhook) },
    responses: {
      '2XX': { description: 'It has arrived. Answer within 15 seconds.' },
      '410': { description: 'This is not tried again.' },
      default: { description: 'It is tried again, for about a day. Redirects are not followed.' },
    },
    security: [],
  },
});
