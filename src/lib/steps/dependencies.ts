import type { Clock } from '../domain/clock.ts';
import type { Regulation } from '../domain/due.ts';
import type { Log } from '../domain/log.ts';
import type { MaskDocument } from '../domain/masking.ts';
import type { OpenDsrProcessor } from '../domain/open-dsr.ts';
import type { LinkTokens } from '../domain/package-link.ts';
import type { Signer } from '../domain/signer.ts';
import type { Target } from '../domain/target.ts';
import type { Telemetry } from '../domain/telemetry.ts';
import type { BreakerLimits } from '../plan/breaker.ts';
import type { ContentStore } from '../store/contents.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { Exclusion } from '../store/exclusion.ts';
import type { HoldStore } from '../store/holds.ts';
import type { IdempotencyKeys } from '../store/idempotency.ts';
import type { QueueStore } from '../store/queues.ts';
import type { RecordStore } from '../store/records.ts';
import type { RoundStore } from '../store/rounds.ts';
import type { SliceStore } from '../store/slices.ts';
import type { StorageLinks } from '../store/storage-links.ts';
import type { WatchPositions } from '../store/watch-position.ts';
import type { Breaker } from '../upstream/breaker.ts';
import type { Callbacks } from '../upstream/callbacks.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** How much a slice does before it leaves the rest to the next, and how long things are tried. */
export interface Limits {
  readonly sliceItems: number;
  readonly sliceDocumentBytes: number;
  readonly sliceSeconds: number;
  /** For so long a message goes on with the one slice that each leaves; 0: every slice has a message of its own. */
  readonly carrySeconds: number;
  /** Contents downloaded at the same time by one slice. */
  readonly sliceDownloads: number;
  /** Starts after which a slice is given up and what it held is reported. */
  readonly sliceAttempts: number;
  readonly roundSlices: number;
  readonly roundSeconds: number;
  /** A message is sent again when it is older than this and no attempt is alive: longer than a function may run. */
  readonly resendSeconds: number;
  /** How long upstream may answer "later" before what it withholds is reported as such. */
  readonly patienceSeconds: number;
  /** How long an accepted deletion may take until the item is gone. */
  readonly proofSeconds: number;
  /** Pause between two looks at something that is not yet so. */
  readonly pauseSeconds: number;
  readonly volumeBytes: number;
  readonly decisionDays: number;
  readonly requestDays: number;
  /** How long after the end of a request its package is handed out. */
  readonly downloadDays: number;
  readonly replans: number;
  /** The law whose time limit holds where a submission names none. */
  readonly regulation: Regulation;
  /** Days before the due date at which there is a warning. */
  readonly warnDays: readonly number[];
  /** Days before the end of the time for a decision at which there is a reminder. */
  readonly remindDays: readonly number[];
  /** Runs in a row that begin and die without getting any further, after which a request is brought to its end. */
  readonly runAttempts: number;
  /** How long a target that is down is left alone. */
  readonly breaker: BreakerLimits;
}

/** How links to package files are handed out. Without `storage` the app serves what they lead to. */
export interface Links {
  readonly minutes: number;
  readonly tokens: LinkTokens;
  readonly storage?: StorageLinks;
}

/** Everything that steps use of the world; made once by the composition root. */
export interface Dependencies {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly records: RecordStore;
  readonly slices: SliceStore;
  readonly rounds: RoundStore;
  readonly contents: ContentStore;
  readonly documents: DocumentStore;
  readonly exclusion: Exclusion;
  readonly holds: HoldStore;
  readonly watchPositions: WatchPositions;
  readonly idempotency: IdempotencyKeys;
  readonly queues: QueueStore;
  readonly upstream: Upstream;
  readonly breaker: Breaker;
  readonly telemetry: Telemetry;
  /** Undefined where the operator allows none. */
  readonly callbacks?: Callbacks;
  /** Undefined where the operator isn't one. */
  readonly openDsr?: OpenDsrProcessor;
  /** Undefined where the operator hands out none. */
  readonly links?: Links;
  /** Without one receipts are unsigned, and say so. */
  readonly signer?: Signer;
  readonly mask: MaskDocument;
  target(name: string): Target | undefined;
  /** Names of all registered targets. */
  targetNames(): readonly string[];
  readonly log: Log;
}
