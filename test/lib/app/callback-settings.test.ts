import { describe, expect, it } from 'vitest';
import { callbackSettingsFrom } from '../../../src/lib/app/callback-settings.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('Settings of callbacks', () => {
  it('allow none where no host is named', () => {
    expect(callbackSettingsFrom({}, true)).toBeUndefined();
  });

  it('take hosts by commas and secrets by spaces', () => {
    const environment = {
      CALLBACK_HOSTS: 'a.example.com, b.example.com:8443',
      CALLBACK_SECRETS: `${SECRET} ${SECRET}`,
    };
    const hosts = ['a.example.com', 'b.example.com:8443'];
    expect(callbackSettingsFrom(environment, false)).toEqual({ hosts, secrets: [SECRET, SECRET], loopback: false });
  });

  it.each(['https://a.example.com', 'A.example.com', 'a.example.com/x', 'a.example.com:443', 'a b', '*'])(
    'refuse %s as a host',
    (host) => {
      const environment = { CALLBACK_HOSTS: host, CALLBACK_SECRETS: SECRET };
      expect(() => callbackSettingsFrom(environment, false)).toThrow();
    },
  );

  it('refuse hosts without a secret, and what is no secret, without quoting it', () => {
    expect(() => callbackSettingsFrom({ CALLBACK_HOSTS: 'a.example.com' }, false)).toThrow('always signed');
    const environment = { CALLBACK_HOSTS: 'a.example.com', CALLBACK_SECRETS: 'whsec_short' };
    expect(() => callbackSettingsFrom(environment, false)).toThrow(/^(?!.*short)/s);
  });
});
