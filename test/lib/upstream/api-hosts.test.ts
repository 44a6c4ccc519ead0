import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiHosts, mayCarrySecret } from '../../../src/lib/upstream/api-hosts.ts';
import { managed, readAccount, upstreamOf } from './account-fixture.ts';
import { accountTarget, json, keyTarget, serve } from './fixture.ts';

const may = (url: string): boolean => mayCarrySecret(accountTarget, url, [managed]);

describe('a secret', () => {
  test.each([
    'https://management.azure.com/subscriptions/1?x=2',
    'https://MANAGEMENT.azure.com:443/',
    'https://eastus2.modelmanagement.azureml.net/api',
    'https://a.b.hosting.azureml.net/',
  ])('may go to %s', (url) => expect(may(url)).toBe(true));

  test.each([
    ['a host that ends alike', 'https://evil-management.azure.com/'],
    ['a host that begins alike', 'https://management.azure.com.evil.example/'],
    ['a child of a host', 'https://a.management.azure.com/'],
    ['another region', 'https://westus.modelmanagement.azureml.net/'],
    ['the parent of the listed children itself', 'https://hosting.azureml.net/'],
    ['a parent without its dot', 'https://evilhosting.azureml.net/'],
    ['a host in a user part', 'https://management.azure.com@evil.example/'],
    ['a host behind a backslash', 'https://evil.example\\@management.azure.com/'],
    ['a user on a host', 'https://ann:x@management.azure.com/'],
    ['a host in a path', 'https://evil.example/management.azure.com'],
    ['a host in a query', 'https://evil.example?.hosting.azureml.net'],
    ['a host in a fragment', 'https://evil.example#.hosting.azureml.net'],
    ['another port', 'https://management.azure.com:8443/'],
    ['plain http', 'http://management.azure.com/'],
    ['a dot at the end', 'https://management.azure.com./'],
    ['an address', 'https://127.0.0.1/'],
    ['an address that ends like a host', 'https://127.1/'],
    ['a letter that only looks alike', 'https://management.аzure.com/'],
    ['no URL', 'management.azure.com'],
  ])('never goes to %s', (_, url) => expect(may(url)).toBe(false));

  test('never goes to a host whose placeholder the target does not fill', () => {
    const { location: _, ...rest } = managed.values;
    const lacking = [{ ...managed, values: rest }];
    expect(apiHosts(accountTarget, lacking)).toEqual(['management.azure.com', '.hosting.azureml.net']);
    expect(mayCarrySecret(accountTarget, 'https://eastus2.modelmanagement.azureml.net/', lacking)).toBe(false);
  });

  test.each(['evil.example/', 'evil.example#', '.', 'a..b', 'a b', '', 'evil.example:443', 'x@evil.example'])(
    'never goes to a host made by the value %j',
    (location) => {
      const hosts = apiHosts({ ...accountTarget, location }, [managed]);
      expect(hosts).toEqual(['management.azure.com', '.hosting.azureml.net']);
    },
  );

  test('goes to a registered endpoint on its own port only', () => {
    const target = { ...keyTarget, endpoint: 'https://studio.example:8443' };
    expect(mayCarrySecret(target, 'https://studio.example:8443/x')).toBe(true);
    expect(mayCarrySecret(target, 'https://studio.example/x')).toBe(false);
    expect(mayCarrySecret(target, 'https://ann@studio.example:8443/x')).toBe(false);
    expect(mayCarrySecret(target, 'http://studio.example:8443/x')).toBe(false);
  });

  test('goes nowhere for a target of no branch', () => {
    expect(mayCarrySecret(accountTarget, 'https://management.azure.com/', [])).toBe(false);
  });

  test('never leaves the listed hosts, whatever stands around their names', () => {
    const around = fc.string({ unit: fc.constantFrom('.', '/', '@', ':', '\\', '#', '?', '%', '-', 'a', '0', '\t') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const url = `https://${before}management.azure.com${after}`;
        if (!may(url)) return;
        expect(new URL(url).host).toMatch(/^(?:management\.azure\.com|.+\.hosting\.azureml\.net)$/);
      }),
    );
  });

  test('of one target serves another on hosts of its own', async () => {
    const service = await serve(json(200, {}));
    const upstream = upstreamOf(service, {
      ...managed,
      bases: { ...managed.bases, arm: 'https://{location}.modelmanagement.azureml.net' },
    });
    const call = { operation: readAccount, parameters: {} };
    for (const location of ['eastus2', 'westeurope']) {
      expect(await upstream.send({ ...accountTarget, location }, call)).toEqual({ kind: 'ok', value: {} });
    }
  });
});
