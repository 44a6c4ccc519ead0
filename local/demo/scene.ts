import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../src/lib/domain/receipt.ts';
import type { Action } from '../../src/lib/domain/request.ts';
import type { PortalClient } from '../portal-client.ts';
import { demoPerson } from '../world.ts';
import { expectThat } from './fault.ts';
import type { Screen } from './screen.ts';
import { counted, pathText } from './text.ts';

/** What each part of the demo works with. */
export interface Scene {
  readonly screen: Screen;
  /** With the key that hands requests in. */
  readonly portal: PortalClient;
  /** With the key that decides. */
  readonly officer: PortalClient;
  readonly simulatorUrl: string;
  /** Where package and receipts are put. */
  readonly folder: string;
}

/** Hands in a request for everything on all targets. @returns its id. */
export async function submitAll({ portal, screen }: Scene, action: Action): Promise<string> {
  const { objectId, upn: userPrincipalName } = demoPerson;
  const subject = { reference: 'demo-person', objectId, userPrincipalName };
  const submission = { action, subject, targets: 'all', scope: 'target' } as const;
  const { requestId } = await portal.submit(submission);
  screen.fact('portal', 'POST /api/requests', JSON.stringify(submission), `202, request ${requestId}`);
  screen.begin();
  return requestId;
}

/** Writes `receipt.json` and `journal.ndjson` of an ended request into a folder. */
export async function keepReceipt({ portal, screen }: Scene, requestId: string, folder: string): Promise<Receipt> {
  const receipt = await portal.receipt(requestId);
  await portal.download(`/api/requests/${requestId}/receipt`, join(folder, 'receipt.json'));
  const journal = await portal.journal(requestId);
  await writeFile(join(folder, 'journal.ndjson'), journal);
  const moves = journal.trimEnd().split('\n').length;
  screen.fact('journal', `${pathText(join(folder, 'journal.ndjson'))}  (${counted(moves, 'line')})`);
  expectThat(receipt.faults.length === 0, `The receipt's sums don't add up: ${receipt.faults.join(' ')}`);
  return receipt;
}
