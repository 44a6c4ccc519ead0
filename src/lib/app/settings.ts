import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { REGULATIONS } from '../domain/due.ts';
import type { OpenDsrProcessor } from '../domain/open-dsr.ts';
import type { RetentionPeriods } from '../domain/retention.ts';
import type { RetentionPolicy } from '../domain/retention-policy.ts';
import { type Target, targetsSchema } from '../domain/target.ts';
import type { Limits } from '../steps/dependencies.ts';
import { gatewayFrom } from '../upstream/gateway.ts';
import { type AuthenticationSettings, authenticationFrom } from './authentication-settings.ts';
import { type CallbackSettings, callbackSettingsFrom } from './callback-settings.ts';
import { type HttpSettings, httpSettingsFrom } from './http-settings.ts';
import { type LinkSettings, linkSettingsFrom } from './link-settings.ts';
import { openDsrFrom } from './open-dsr-settings.ts';
import { type ReceiptKeySettings, retiredKeysFrom, signingKeyFrom } from './receipt-keys.ts';
import { periodsFrom, policiesFrom } from './retention-settings.ts';
import { type TelemetrySettings, telemetrySettingsFrom } from './telemetry/settings.ts';

const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const days = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,2}(?:,\d{1,2})*$/, 'must be numbers of days, with commas between them')
    .default(fallback)
    .transform((text) =>
      text
        .split(',')
        .map(Number)
        .filter((distance) => distance > 0),
    );

/** Every limit is a setting of its own; docs/hosting.md says what each is good for. */
const limitsSchema = z.object({
  DSR_SLICE_ITEMS: whole(2000),
  DSR_SLICE_DOCUMENT_BYTES: whole(4 * 1024 * 1024),
  DSR_SLICE_SECONDS: whole(60),
  DSR_CARRY_SECONDS: z.coerce.number().int().nonnegative().default(60),
  DSR_SLICE_DOWNLOADS: whole(6),
  DSR_SLICE_ATTEMPTS: whole(8),
  DSR_ROUND_SLICES: whole(100),
  DSR_ROUND_SECONDS: whole(30),
  DSR_RESEND_SECONDS: whole(1200),
  DSR_PATIENCE_SECONDS: whole(6 * 3600),
  DSR_PROOF_SECONDS: whole(900),
  DSR_PAUSE_SECONDS: whole(15),
  DSR_VOLUME_BYTES: whole(1024 ** 3),
  DSR_DECISION_DAYS: whole(14),
  DSR_REQUEST_DAYS: whole(30),
  DSR_REPLANS: whole(5),
  DSR_REGULATION: z.enum(REGULATIONS).default('gdpr'),
  DSR_WARN_DAYS: days('14,7,3,1'),
  DSR_REMIND_DAYS: days('7,3,1'),
  DSR_RUN_ATTEMPTS: whole(10),
  DSR_BREAKER_SECONDS: whole(30),
  DSR_BREAKER_CEILING_SECONDS: whole(600),
  DSR_DOWNLOAD_DAYS: whole(21),
});

export interface Settings {
  readonly storage: { readonly connection: string } | { readonly accountName: string };
  readonly targets: readonly Target[];
  readonly authentication: AuthenticationSettings;
  readonly http: HttpSettings;
  readonly gateway: URL | undefined;
  readonly callbacks: CallbackSettings | undefined;
  readonly openDsr: OpenDsrProcessor | undefined;
  readonly links: LinkSettings | undefined;
  readonly receiptKeys: ReceiptKeySettings;
  readonly limits: Limits;
  readonly periods: RetentionPeriods;
  readonly policies: readonly RetentionPolicy[];
  readonly telemetry: TelemetrySettings | undefined;
}

/** Everything that is wrong with the settings, at once. Names settings, never their values. */
export class SettingsError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The app can't start:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the settings once. @throws SettingsError that says all that is wrong. */
export function parseSettings(environment: Environment): Settings {
  const faults: string[] = [];
  const collect = <T>(what: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      faults.push(`${what}: ${sentencesOf(error)}`);
      return undefined;
    }
  };
  const storage = collect('AzureWebJobsStorage', () => storageFrom(environment));
  const targets = collect('TARGETS', () => targetsSchema.parse(targetsFrom(environment)).targets);
  const authentication = collect('AUTH_MODE, CALLERS, ENTRA_*', () => authenticationFrom(environment));
  const http = collect('HTTP', () => httpSettingsFrom(environment));
  const gateway = collect('UPSTREAM_GATEWAY', () => gatewayFrom(environment));
  const callbacks = collect('CALLBACK_HOSTS', () => callbackSettingsFrom(environment, gateway !== undefined));
  const openDsr = collect('OPENDSR_DOMAIN', () => openDsrFrom(environment));
  const links = collect('DSR_LINKS', () =>
    linkSettingsFrom(environment, storage !== undefined && 'accountName' in storage),
  );
  const signing = collect('RECEIPT_SIGNING_KEY', () => signingKeyFrom(environment.RECEIPT_SIGNING_KEY ?? ''));
  const retired = collect('RECEIPT_RETIRED_KEYS', () => retiredKeysFrom(environment.RECEIPT_RETIRED_KEYS ?? ''));
  const limits = collect('Limits', () => limitsFrom(environment));
  const periods = collect('Retention', () => periodsFrom(environment, limits?.downloadDays));
  const telemetry = collect('OTEL_*', () => telemetrySettingsFrom(environment));
  const policies = collect('RETENTION', () => policiesFrom(environment, targets ?? []));
  faults.push(...(targets ?? []).flatMap((target) => keyFault(target, environment) ?? []));
  if (
    !storage ||
    !targets ||
    !authentication ||
    !http ||
    !retired ||
    !limits ||
    !periods ||
    !policies ||
    faults.length > 0
  ) {
    throw new SettingsError(faults);
  }
  const receiptKeys = { signing, retired };
  return {
    storage,
    targets,
    authentication,
    http,
    gateway,
    callbacks,
    openDsr,
    links,
    receiptKeys,
    limits,
    periods,
    policies,
    telemetry,
  };
}

function keyFault({ name, signIn }: Target, environment: Environment): string | undefined {
  if (signIn.kind !== 'key' || environment[signIn.setting]) return undefined;
  return `TARGETS: ${name} takes its key from the setting ${signIn.setting}, which is empty.`;
}

function storageFrom(environment: Environment): Settings['storage'] {
  const connection = environment.AzureWebJobsStorage;
  if (connection) return { connection };
  const accountName = environment.AzureWebJobsStorage__accountName;
  if (accountName) return { accountName };
  throw new Error('give a connection string, or AzureWebJobsStorage__accountName for the identity of the app.');
}

/** The operator's data map: `TARGETS` holds it, or the path of a file. */
function targetsFrom(environment: Environment): unknown {
  const text = environment.TARGETS ?? '';
  if (text === '') throw new Error('name the file with the registered targets, or put its content here.');
  return JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
}

function limitsFrom(environment: Environment): Limits {
  const values = limitsSchema.parse(environment);
  return {
    sliceItems: values.DSR_SLICE_ITEMS,
    sliceDocumentBytes: values.DSR_SLICE_DOCUMENT_BYTES,
    sliceSeconds: values.DSR_SLICE_SECONDS,
    carrySeconds: values.DSR_CARRY_SECONDS,
    sliceDownloads: values.DSR_SLICE_DOWNLOADS,
    sliceAttempts: values.DSR_SLICE_ATTEMPTS,
    roundSlices: values.DSR_ROUND_SLICES,
    roundSeconds: values.DSR_ROUND_SECONDS,
    resendSeconds: values.DSR_RESEND_SECONDS,
    patienceSeconds: values.DSR_PATIENCE_SECONDS,
    proofSeconds: values.DSR_PROOF_SECONDS,
    pauseSeconds: values.DSR_PAUSE_SECONDS,
    volumeBytes: values.DSR_VOLUME_BYTES,
    decisionDays: values.DSR_DECISION_DAYS,
    requestDays: values.DSR_REQUEST_DAYS,
    replans: values.DSR_REPLANS,
    regulation: values.DSR_REGULATION,
    warnDays: values.DSR_WARN_DAYS,
    remindDays: values.DSR_REMIND_DAYS,
    runAttempts: values.DSR_RUN_ATTEMPTS,
    breaker: { firstSeconds: values.DSR_BREAKER_SECONDS, ceilingSeconds: values.DSR_BREAKER_CEILING_SECONDS },
    downloadDays: values.DSR_DOWNLOAD_DAYS,
  };
}

/** A parser's sentence may quote the text that it could not parse; only where it went wrong is told. */
function sentencesOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`).join('; ');
  if (error instanceof SyntaxError) return 'it is not JSON.';
  if (error instanceof Error && 'code' in error) return `the file can't be read (${String(error.code)}).`;
  return error instanceof Error ? error.message : 'it could not be read.';
}
