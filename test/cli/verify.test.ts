import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../cli/verify/verify.ts';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { FILES, type FileName, type Files, inFolder, type KeyType, makeKeys, sealedFiles } from './support/files.ts';

const azurite = useAzurite();
const keys: Record<KeyType, Awaited<ReturnType<typeof makeKeys>>> = {
  ed25519: await makeKeys('ed25519'),
  rsa: await makeKeys('rsa'),
};
let sealed: Record<KeyType, Files>;

beforeAll(async () => {
  sealed = {
    ed25519: await sealedFiles(azurite.storage, keys.ed25519),
    rsa: await sealedFiles(azurite.storage, keys.rsa),
  };
});

/** What verifying all files says, some of them changed, or left out where undefined. */
async function verifyWith(change: Partial<Record<FileName, Buffer | string | undefined>>, type: KeyType = 'ed25519') {
  const all = FILES.flatMap((name) => {
    const content = name in change ? change[name] : sealed[type][name];
    return content === undefined ? [] : [[name, Buffer.from(content)] as const];
  });
  await using given = await inFolder(Object.fromEntries(all));
  return await verify({ paths: given.paths });
}

const textOf = (name: FileName): string => sealed.ed25519[name].toString('utf8');
const edited = (name: FileName, from: string | RegExp, to: string): string => {
  const text = textOf(name).replace(from, to);
  expect(text).not.toBe(textOf(name));
  return text;
};

describe('The files of a sealed request', () => {
  it.each(['ed25519', 'rsa'] as const)('hold together, signed with %s', async (type) => {
    const { wrong, open, proved } = await verifyWith({}, type);
    expect({ wrong, open }).toEqual({ wrong: [], open: [] });
    expect(proved.join('\n')).toContain(`The receipt was signed with the key ${keys[type].signer.keyId}`);
    expect(proved).toContain('The manifest is the one that the receipt names.');
    expect(proved.join('\n')).toMatch(/package-001\.zip and the \d+ files in it are those of the manifest\./);
    expect(proved).toContain('The journal has the 3 lines that the receipt names.');
  });

  it.each(FILES)('are found out when any byte of %s is another', async (name) => {
    await using given = await inFolder(sealed.ed25519);
    const original = sealed.ed25519[name];
    const place = fc.record({ at: fc.nat(original.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    const property = fc.asyncProperty(place, async ({ at, by }) => {
      const changed = Buffer.from(original);
      changed.writeUInt8(changed.readUInt8(at) ^ by, at);
      await given.write(name, changed);
      expect((await verify({ paths: given.paths })).wrong).not.toEqual([]);
    });
    await fc.assert(property, { numRuns: 120 });
  });

  it.each(FILES)('are found out when %s is cut off anywhere', async (name) => {
    await using given = await inFolder(sealed.ed25519);
    const original = sealed.ed25519[name];
    const property = fc.asyncProperty(fc.nat(original.length - 1), async (length) => {
      await given.write(name, original.subarray(0, length));
      expect((await verify({ paths: given.paths })).wrong).not.toEqual([]);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('A receipt', () => {
  it('signed with a foreign key is found out, whatever else agrees', async () => {
    const { published } = await makeKeys();
    const { wrong } = await verifyWith({ 'jwks.json': JSON.stringify(published) });
    expect(wrong.join('\n')).toContain('was signed with a foreign key');
  });

  it('whose key was swapped behind the same name is found out', async () => {
    const { published } = await makeKeys();
    const swapped = { keys: published.keys.map((key) => ({ ...key, kid: keys.ed25519.signer.keyId })) };
    const { wrong } = await verifyWith({ 'jwks.json': JSON.stringify(swapped) });
    expect(wrong.join('\n')).toContain('has another thumbprint');
  });

  it('is verified with a retired key that stays published', async () => {
    const published = { keys: [...keys.rsa.published.keys, ...keys.ed25519.published.keys] };
    expect((await verifyWith({ 'jwks.json': JSON.stringify(published) })).wrong).toEqual([]);
  });

  it('that was signed for something else is not taken', async () => {
    const signed = await keys.ed25519.signer.sign(sealed.ed25519['receipt.json'], 'dsr-journal-head');
    const { wrong } = await verifyWith({ 'receipt.jws': signed });
    expect(wrong).toContain('What was signed in receipt.jws is not what it says it is.');
  });

  it('is not vouched for without keys or without a signature, and that is said', async () => {
    const withoutKeys = await verifyWith({ 'jwks.json': undefined });
    expect(withoutKeys.wrong).toEqual([]);
    expect(withoutKeys.open).toContain('No public key was given: the signature of the receipt was not checked.');
    const withoutSignature = await verifyWith({ 'receipt.jws': undefined, 'journal.jws': undefined });
    expect(withoutSignature.wrong).toEqual([]);
    expect(withoutSignature.open.join('\n')).toContain('nothing proves who wrote it');
    expect(withoutSignature.open.join('\n')).toContain('No signature vouches for the manifest');
    expect(withoutSignature.open.join('\n')).toContain('No signature vouches for the journal');
  });

  it('that was edited with its sums is found out even alone', async () => {
    const receipt = edited('receipt.json', /"saved": 2/g, '"saved": 1');
    const { wrong } = await verifyWith({ 'receipt.json': receipt, 'receipt.jws': undefined });
    expect(wrong).toEqual([expect.stringContaining('2 items were found, 1 have a final line')]);
  });

  it('of another request is not taken for this one', async () => {
    const { wrong } = await verifyWith({
      'receipt.json': sealed.rsa['receipt.json'],
      'receipt.jws': undefined,
    });
    expect(wrong).toContain('Receipt and manifest are of different requests.');
    expect(wrong).toContain('The receipt and the signed head of the journal are of different requests.');
  });
});

describe('A package', () => {
  it('whose manifest was made to fit a swapped file is found out by the receipt', async () => {
    const manifest = edited('manifest.json', /"createdAt":"[^"]+"/, '"createdAt":"2020-01-01T00:00:00.000Z"');
    const { wrong } = await verifyWith({ 'manifest.json': manifest });
    expect(wrong).toEqual(['The manifest is not the one that the receipt names.']);
  });

  it('is told to be unchecked where a volume or the manifest was not given', async () => {
    const { open, wrong } = await verifyWith({ 'package-001.zip': undefined });
    expect({ open, wrong }).toEqual({ open: ['package-001.zip was not given, and not checked.'], wrong: [] });
    const alone = await verifyWith({ 'manifest.json': undefined });
    expect(alone.open.join('\n')).toContain('package-001.zip was not checked');
  });
});

describe('Files of one name or edition', () => {
  const lists: readonly (readonly [what: string, kind: 'volume' | 'file', name: FileName])[] = [
    ['package-001.zip', 'volume', 'package-001.zip'],
    ['manifest', 'file', 'manifest.json'],
    ['receipt of edition 1', 'file', 'receipt.json'],
    ['signed receipt', 'file', 'receipt.jws'],
    ['journal', 'file', 'journal.ndjson'],
  ];

  it.each(lists)('are refused: more than one %s, whichever comes last', async (what, kind, name) => {
    await using genuine = await inFolder(sealed.ed25519);
    const genuineName = genuine.paths.find((path) => path.endsWith(`/${name}`)) ?? '';
    // Files that aren't volumes are known by what they hold, and stay readable with a blank more.
    const swapped =
      kind === 'volume' ? Buffer.from('another') : Buffer.concat([sealed.ed25519[name], Buffer.from('\n')]);
    await using other = await inFolder({ [name]: swapped });
    const others = genuine.paths.filter((path) => path !== genuineName);
    for (const both of [
      [...other.paths, genuineName],
      [genuineName, ...other.paths],
    ]) {
      await expect(verify({ paths: [...others, ...both] })).rejects.toThrow(`There is more than one ${what}`);
    }
  });
});

describe('A journal', () => {
  it('is held against each signed head that was given, whichever comes last', async () => {
    await using given = await inFolder(sealed.ed25519);
    const foreign = sealed.rsa['journal.jws'];
    await using other = await inFolder({ 'journal-rsa.jws': foreign, 'jwks-rsa.json': sealed.rsa['jwks.json'] });
    for (const paths of [
      [...given.paths, ...other.paths],
      [...other.paths, ...given.paths],
    ]) {
      expect((await verify({ paths })).wrong).toEqual([
        'The receipt and the signed head of the journal are of different requests.',
      ]);
    }
  });

  const lines = () => textOf('journal.ndjson').trimEnd().split('\n');
  const joined = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

  it('with a line cut out of it, or edited, is found out', async () => {
    const cut = await verifyWith({ 'journal.ndjson': joined(lines().toSpliced(1, 1)) });
    expect(cut.wrong).toContain('Journal: Line 2 says it is number 3.');
    const forged = await verifyWith({
      'journal.ndjson': edited('journal.ndjson', '"actor":"system"', '"actor":"nobody"'),
    });
    expect(forged.wrong).toContain('Journal: Line 3 does not continue the line before it.');
  });

  it('written anew from its first line on is found out by the receipt', async () => {
    const { wrong } = await verifyWith({
      'journal.ndjson': sealed.rsa['journal.ndjson'].toString('utf8').replaceAll('system', 'nobody'),
      'journal.jws': undefined,
    });
    expect(wrong.join('\n')).toContain('The journal is not the one that the receipt names');
  });

  it('cut off after the receipt is found out by its signed head, and without that told to be open', async () => {
    const short = joined(lines().slice(0, 4));
    const { wrong } = await verifyWith({ 'journal.ndjson': short });
    expect(wrong.join('\n')).toContain('its line 5 is missing or another');
    const unsigned = await verifyWith({ 'journal.ndjson': short, 'journal.jws': undefined });
    expect(unsigned.wrong).toEqual([]);
    expect(unsigned.open.join('\n')).toContain('Lines 4 to 4 of the journal came after what was signed');
  });
});
