import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** As much of the operator's data map as is needed here; the app itself checks the rest. */
const mapSchema = z.object({
  targets: z.array(
    z.object({ name: z.string(), signIn: z.object({ setting: z.string().exactOptional() }).exactOptional() }),
  ),
});

/** Names of targets, and of the app settings that hold their keys. */
export interface NamedTargets {
  readonly names: readonly string[];
  readonly keySettings: readonly string[];
}

/** @param targets the operator's data map as JSON text, or the path of its file. @throws Error when it can't be read. */
export function namesInTargets(targets: string): NamedTargets {
  const text = targets.trimStart().startsWith('{') ? targets : readFileSync(targets, 'utf8');
  const parsed = mapSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error('The targets are not a data map: see targets.sample.json.');
  const all = parsed.data.targets;
  return {
    names: all.map(({ name }) => name),
    keySettings: all.flatMap(({ signIn }) => signIn?.setting ?? []),
  };
}

/** App settings that somebody may give in the environment: the app's own, OpenTelemetry's, keys that targets name, and the identity endpoint. */
export function settingsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { keySettings }: NamedTargets,
): Record<string, string> {
  const wanted = (name: string): boolean =>
    /^(?:DSR|OTEL)_/.test(name) || /^IDENTITY_(?:ENDPOINT|HEADER)$/.test(name) || keySettings.includes(name);
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && wanted(name) ? [[name, value]] : [],
    ),
  );
}
