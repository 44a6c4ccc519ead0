import { createHash } from 'node:crypto';
import { familyNamed } from '../../catalog/catalog.ts';
import { serviceVersions } from '../../catalog/service-versions.ts';
import { editionOf, manifestName, packageEdition, receiptName } from '../../domain/edition.ts';
import { type Receipt, receiptSchema } from '../../domain/receipt.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { keyHmac, submissionHmac } from '../../domain/submission-digest.ts';
import { APP_VERSION } from '../../domain/version.ts';
import type { DocumentRef } from '../../store/documents.ts';
import type { Dependencies } from '../dependencies.ts';
import { receiptByHand } from './by-hand.ts';
import { faultsOf, receiptRevisions, totalsOf } from './revisions.ts';

const SIGNED = 'This receipt is signed: receipt.jws holds its exact bytes and the signature.';
const UNSIGNED = 'This receipt is not signed: nothing in it proves who wrote it, or that it was not changed since.';

/**
 * The account of a request from its record and its ledgers: asked, decided, found, done, proved how, kept and why. What is in memory is
 * bounded by tasks and grounds. `record.outcome` is what the request shall end as; faults in the ledgers make it a failure.
 */
export async function makeReceipt(deps: Dependencies, record: RequestRecord): Promise<Receipt> {
  const { requestId, decision, include, cancel, journal } = record;
  const revisions = await receiptRevisions(deps, record);
  const faults = faultsOf(record.submission.action, revisions);
  const outcome = outcomeWith(faults, record.outcome);
  const hmacSha256 = submissionHmac(record);
  const manifest = await manifestFacts(deps, record);
  return {
    v: 1,
    requestId,
    madeAt: deps.clock.now().toISOString(),
    ...(await editionFacts(deps, record)),
    app: { name: 'dsr-functions', version: APP_VERSION },
    services: servicesOf(deps, record, revisions),
    ...signatureOf(deps),
    asked: askedOf(record),
    ...(hmacSha256 !== undefined && { submission: { hmacSha256 } }),
    ...planOf(record),
    ...(decision && { decision }),
    ...(include && { include: include.map((key) => ({ hmacSha256: keyHmac(record, key) })) }),
    ...(cancel && { cancelled: { at: cancel.at, actor: cancel.actor } }),
    ...(outcome && { outcome }),
    touchedUpstream: record.touchedUpstream,
    revisions,
    totals: totalsOf(record.submission.action, revisions),
    faults,
    byHand: await receiptByHand(deps, record, revisions),
    times: timesOf(record),
    ...(manifest && { manifest }),
    journal: { seq: journal.seq, hash: journal.hash },
  };
}

/** The service's versions by which each target was asked, as far as the operator's data map has it. */
function servicesOf(
  deps: Dependencies,
  { targets }: RequestRecord,
  revisions: Receipt['revisions'],
): Receipt['services'] {
  const tasks = revisions.flatMap((revision) => revision.tasks);
  return targets.map((name) => {
    const families = new Set(tasks.filter(({ target }) => target === name).map(({ family }) => family));
    const target = deps.target(name);
    return { target: name, versions: target ? serviceVersions(target, [...families].map(familyNamed)) : [] };
  });
}

function signatureOf({ signer }: Dependencies): Pick<Receipt, 'signature' | 'note'> {
  if (!signer) return { signature: null, note: UNSIGNED };
  const { algorithm, keyId } = signer;
  return { signature: { algorithm, keyId }, note: SIGNED };
}

/** While a plan is being made its hash is not known. */
const planOf = ({ plan }: RequestRecord): Pick<Receipt, 'plan'> => (plan && plan.hash !== '' ? { plan } : {});

function outcomeWith([fault]: readonly string[], outcome: Receipt['outcome']): Receipt['outcome'] {
  return fault === undefined ? outcome : { event: 'fail', reason: `The ledger does not add up. ${fault}` };
}

/** The subject and the note stay in the record: either may name the person. */
function askedOf({ submission, targets, submittedAt, submittedBy, policy }: RequestRecord): Receipt['asked'] {
  const { action, families, scope, dryRun, erase, exportFirst } = submission;
  const options = {
    ...(erase === 'together' && { erase }),
    ...(exportFirst && { exportFirst }),
    ...(policy && { policy: { name: policy.name, before: policy.before } }),
  };
  return { action, targets, families, scope, dryRun, ...options, submittedAt, submittedBy };
}

const timesOf = ({ submittedAt, decision, stateSince, deadline }: RequestRecord): Receipt['times'] => ({
  submittedAt,
  ...(decision && { decidedAt: decision.at }),
  sealingSince: stateSince,
  deadline,
});

/** Size and digest of the manifest as it lies in storage; undefined when there is no package. */
async function manifestFacts(deps: Dependencies, record: RequestRecord): Promise<Receipt['manifest']> {
  const { requestId } = record;
  return factsOf(deps, { requestId, name: manifestName(packageEdition(record, editionOf(record))) });
}

/** Which edition it is and which one it follows: that one stays as it is. */
async function editionFacts(deps: Dependencies, record: RequestRecord): Promise<Pick<Receipt, 'edition' | 'previous'>> {
  const edition = editionOf(record);
  if (edition === 1) return {};
  const before = { requestId: record.requestId, name: receiptName(edition - 1, 'json') };
  const facts = await factsOf(deps, before);
  const receipt = facts && (await deps.documents.read(before, receiptSchema));
  if (!facts || !receipt?.outcome)
    throw new Error(`Request ${record.requestId} lacks edition ${edition - 1} of its receipt.`);
  return {
    edition,
    previous: { edition: edition - 1, ...facts, madeAt: receipt.madeAt, event: receipt.outcome.event },
  };
}

async function factsOf(deps: Dependencies, document: DocumentRef): Promise<Receipt['manifest']> {
  const opened = await deps.documents.open(document);
  if (!opened) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of opened.chunks) hash.update(chunk);
  return { bytes: opened.total, sha256: hash.digest('hex') };
}
