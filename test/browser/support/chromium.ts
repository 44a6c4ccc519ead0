import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, or the one that the variable names. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why the tests in a browser can't run on this machine; undefined when they can. */
export const noBrowser: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `There is no Chromium at ${EXECUTABLE}: install Debian's package chromium, or set CHROMIUM.`;

/** Starts a browser that speaks to nobody on its own account. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
