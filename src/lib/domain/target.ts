import { z } from 'zod';

const host = z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, ''));

/** How to sign in: a key from an app setting (the setting's name stands here, never the key), or the app's own identity. */
const signIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), setting: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('entra'),
    scope: z.string().default('https://cognitiveservices.azure.com/.default'),
  }),
]);

const customVision = z.strictObject({
  kind: z.literal('custom-vision'),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  endpoint: host,
  version: z.enum(['3.0', '3.1', '3.3']).default('3.3'),
  signIn,
  /** Hosts (or their parent domains, with a leading dot) to which links in answers may lead. */
  linkHosts: z.array(z.string()).default(['.blob.core.windows.net']),
  /** Calls a second and burst that the service grants a key (contracts/endpoints.md, tC). */
  pace: z
    .strictObject({ perSecond: z.number().positive(), burst: z.number().int().positive() })
    .default({ perSecond: 10, burst: 10 }),
});

/** One Azure resource root that the operator has registered. */
export const targetSchema = z.discriminatedUnion('kind', [customVision]);
export type Target = z.infer<typeof targetSchema>;
export type TargetKind = Target['kind'];

/** The operator's data map. */
export const targetsSchema = z
  .strictObject({ targets: z.array(targetSchema).min(1).max(500) })
  .refine(({ targets }) => new Set(targets.map((target) => target.name)).size === targets.length, {
    message: 'two targets have the same name',
  });
