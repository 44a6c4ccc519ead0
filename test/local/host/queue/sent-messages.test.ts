import { expect, test } from 'vitest';
import { sentMessage } from '../../../../local/host/worker/sent-messages.ts';

const put = (path: string, method = 'POST') => sentMessage({ method, path }, 201);

test('a message put on a queue is known with the time at which it becomes visible', () => {
  expect(put('/devstoreaccount1/dsr-requests/messages')).toEqual({ queue: 'dsr-requests', delaySeconds: 0 });
  expect(put('/dsr-cv-images/messages?visibilitytimeout=15&messagettl=-1')).toEqual({
    queue: 'dsr-cv-images',
    delaySeconds: 15,
  });
});

test('reading, deleting and refused messages, and other calls, are none', () => {
  expect(put('/account/queue/messages?numofmessages=8', 'GET')).toBeUndefined();
  expect(put('/account/queue/messages/1234?popreceipt=a', 'DELETE')).toBeUndefined();
  expect(put('/customvision/v3.3/training/projects')).toBeUndefined();
  expect(sentMessage({ method: 'POST', path: '/account/queue/messages' }, 404)).toBeUndefined();
});
