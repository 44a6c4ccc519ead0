/** Values from which the examples of the document are made; everything that lies there was made up. */
export const REQUEST_ID = '4f855b9c-0a63-4c65-92d2-8f01d1878e78';
export const SUBJECT_REQUEST_ID = 'a7551968-d5d6-44b2-9831-815ac9017798';
export const PLAN_HASH = '47541a0aaf8bcb2b63eeb47e0cf94215e8fce13f49fc6aa868434d9dd891f694';
export const HOLD_ID = 'subject.0d5b1c4c7f720f698946c7f6ab08f687e2c1a3f4b5d6e7f8091a2b3c4d5e6f70.9f86d081884c7d65';
export const SUBMITTED = '2026-03-01T12:00:00.000Z';
export const DUE = '2026-04-01T12:00:00.000Z';

const self = `/api/requests/${REQUEST_ID}`;

/** Links as they stand in answers about a request. */
export const LINKS = {
  self,
  plan: `${self}/plan`,
  decision: `${self}/decision`,
  cancel: `${self}/cancel`,
  package: `${self}/package`,
  receipt: `${self}/receipt`,
  journal: `${self}/journal`,
};
