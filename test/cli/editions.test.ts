import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verify } from '../../cli/verify/verify.ts';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { type Files, inFolder, makeKeys, sealedFiles } from './support/files.ts';

const azurite = useAzurite();
let keys: Awaited<ReturnType<typeof makeKeys>>;
let files: Files;
let second: string;

const receiptSchema = z.looseObject({ madeAt: z.string() });
const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** A second edition as a resumed request gets it, told by changing what the first one says. */
function editionAfter(first: Buffer, change: object = {}): string {
  const receipt = receiptSchema.parse(JSON.parse(first.toString()));
  const { madeAt } = receipt;
  const facts = { edition: 1, bytes: first.length, sha256: digest(first), madeAt, event: 'complete-partially' };
  return `${JSON.stringify({ ...receipt, edition: 2, previous: { ...facts, ...change } }, null, 2)}\n`;
}

beforeAll(async () => {
  keys = await makeKeys();
  files = await sealedFiles(azurite.storage, keys);
  second = editionAfter(files['receipt.json']);
});

async function verified(given: Record<string, Buffer | string>) {
  const all = { ...given, 'jwks.json': files['jwks.json'] };
  await using folder = await inFolder(
    Object.fromEntries(Object.entries(all).map(([name, text]) => [name, Buffer.from(text)])),
  );
  return await verify({ paths: folder.paths });
}

const signed = async (text: string): Promise<string> => keys.signer.sign(Buffer.from(text), 'dsr-receipt');

describe('Two editions of a receipt', () => {
  it('are one chain: the second names the first, byte for byte', async () => {
    const given = {
      'receipt.json': files['receipt.json'],
      'receipt-2.json': second,
      'receipt-2.jws': await signed(second),
    };
    const { wrong, proved, stated, open } = await verified(given);
    expect(wrong).toEqual([]);
    expect(proved).toContain('Edition 1 is the very one that edition 2 names.');
    expect(proved).toContain('receipt-2.json is what was signed, byte for byte.');
    expect(stated.join('\n')).toContain('It is edition 2: the request was resumed after edition 1 of ');
    expect(open.join('\n')).toMatch(/^receipt\.json says that it is signed, but/);
  });

  it('are found out when the first is another, or is not named', async () => {
    const other = Buffer.concat([files['receipt.json'], Buffer.from('\n')]);
    const { wrong } = await verified({ 'receipt.json': other, 'receipt-2.jws': await signed(second) });
    expect(wrong).toEqual(['Edition 1 is not the one that edition 2 names.']);
    const skipping = await signed(editionAfter(files['receipt.json'], { edition: 7 }));
    expect((await verified({ 'receipt-2.jws': skipping })).wrong).toEqual([
      "Edition 2 of the receipt doesn't name the edition before it.",
    ]);
  });

  it('leave open what was not given, and one of each is enough', async () => {
    const { wrong, open } = await verified({ 'receipt-2.jws': await signed(second) });
    expect(wrong).toEqual([]);
    expect(open).toContain('Edition 2 names an edition 1, which was not given.');
    await expect(verified({ 'a.json': second, 'b.json': second })).rejects.toThrow(
      /more than one receipt of edition 2/,
    );
    const jws = await signed(second);
    await expect(verified({ 'a.jws': jws, 'b.jws': jws })).rejects.toThrow(/more than one signed receipt/);
  });
});
