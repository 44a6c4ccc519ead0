import { describe, expect, it } from 'vitest';
import { accepts } from '../../src/functions/accepts.ts';

describe('A media type', () => {
  it.each([
    [null, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/jose', true],
    ['Application/JOSE; q=0.5', true],
    ['application/json, application/jose;q=0.1', true],
    ['application/jose;q=0', false],
    ['application/jose; q=0.000, application/json', false],
    ['application/jose+json', false],
  ])('in "%s" is accepted: %s', (header, accepted) => {
    expect(accepts(header, 'application/jose')).toBe(accepted);
  });
});
