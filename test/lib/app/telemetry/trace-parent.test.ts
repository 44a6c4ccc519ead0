import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remoteSpan } from '../../../../src/lib/app/telemetry/trace-parent.ts';

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''))
    .filter((text) => /[^0]/.test(text));

describe('the trace context of an invocation', () => {
  it('is read as W3C Trace Context writes it', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, traceFlags) => {
        const flags = traceFlags.toString(16).padStart(2, '0');
        const read = remoteSpan({ traceParent: `00-${traceId}-${spanId}-${flags}` });
        expect(read).toEqual({ traceId, spanId, traceFlags, isRemote: true });
      }),
    );
  });

  it('counts for nothing where it is anything else', () => {
    fc.assert(fc.property(fc.string(), (traceParent) => remoteSpan({ traceParent }) === undefined));
    for (const traceParent of [
      undefined,
      null,
      '',
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
      'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
    ]) {
      expect(remoteSpan({ traceParent }), String(traceParent)).toBeUndefined();
    }
  });
});
