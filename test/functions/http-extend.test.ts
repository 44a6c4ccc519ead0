import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LATER, problemOf, useApi } from './support.ts';

const api = useApi(undefined, { DSR_REGULATION: 'ccpa' });
const OFFICER = { 'x-functions-key': 'officer-key' };
const subject = { reference: 'case-1' };
const submission = { action: 'export', subject, targets: 'all', scope: 'target' };

const answerSchema = z.looseObject({ requestId: z.string(), expectedCompletion: z.string() });
const viewSchema = z.looseObject({ submittedAt: z.string(), expectedCompletion: z.string() });

describe('The due date of a request', () => {
  it('is in the answer, follows the law that the submission names or the setting, and may be extended', async () => {
    const days = async (body: object): Promise<number> => {
      const answer = answerSchema.parse(await (await api.post('requests', body)).json());
      const view = viewSchema.parse(await (await api.call(`requests/${answer.requestId}`)).json());
      expect(view.expectedCompletion).toBe(answer.expectedCompletion);
      return (Date.parse(view.expectedCompletion) - Date.parse(view.submittedAt)) / 86_400_000;
    };
    expect(await days(submission)).toBe(45);
    expect([28, 29, 30, 31]).toContain(await days({ ...submission, regulation: 'gdpr' }));
    const unknown = await api.post('requests', { ...submission, regulation: 'lgpd' });
    expect((await problemOf(unknown)).type).toBe('/problems/validation');
  });

  it('is extended by an order with a reason, once', async () => {
    const due = { regulation: 'ccpa' as const, by: LATER };
    const { requestId } = await api.stored({ due });
    const path = `requests/${requestId}/extend`;
    expect((await problemOf(await api.post(path, {}, OFFICER))).type).toBe('/problems/validation');
    const extended = await api.post(path, { reason: 'complex' }, OFFICER);
    expect(extended.status).toBe(200);
    expect(await extended.json()).toMatchObject({ requestId, due: { extension: { actor: 'officer', before: LATER } } });
    const again = await api.post(path, { reason: 'more complex' }, OFFICER);
    expect(await problemOf(again)).toMatchObject({ status: 409, type: '/problems/not-extendable' });
  });
});
