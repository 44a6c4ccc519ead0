import { z } from 'zod';
import { learningBehaviourShape, learningShape } from './learning/options.ts';

const amount = z.number().int().min(0);

const iterationCounts = z.strictObject({
  /** Trained and published: refuses deletion until unpublished. */
  published: amount.default(1),
  /** Trained, not published. */
  trained: amount.default(1),
  /** In training; done after `behaviour.readsUntilReady` reads. */
  training: amount.default(0),
  /** Waiting, never trained. */
  untrained: amount.default(0),
});

/** Sizes of one project. */
export const projectOptionsSchema = z.strictObject({
  name: z.string().optional(),
  tags: amount.default(3),
  taggedImages: amount.default(6),
  untaggedImages: amount.default(2),
  /** Images that only the iterations still hold. */
  deletedImages: amount.default(1),
  regionsPerImage: amount.default(1),
  predictions: amount.default(0),
  iterations: iterationCounts.prefault({}),
  /** Exported models of each trained iteration (at most 4: one a platform). */
  exports: amount.max(4).default(1),
  /** Of these, how many are still being made: done after `behaviour.readsUntilReady` reads. */
  exporting: amount.max(4).default(0),
  /** Bytes of an image: a fixed number or a range, ends included. */
  imageBytes: z.union([amount, z.tuple([amount, amount])]).default([800, 4_000]),
  exportBytes: amount.default(20_000),
  drModeEnabled: z.boolean().default(false),
});

/** Sizes as wished: checked, defaults not filled in, so that the world's common sizes can stand below a project's own. */
const projectWishSchema = z.custom<z.input<typeof projectOptionsSchema>>(
  (value) => projectOptionsSchema.safeParse(value).success,
  'not the sizes of a project',
);

const resourceOptionsSchema = z.strictObject({
  name: z.string().optional(),
  host: z.string().toLowerCase().default('southcentralus.api.cognitive.microsoft.com'),
  /** Two training keys; made from the seed if left out. */
  keys: z.tuple([z.string(), z.string()]).optional(),
  acceptsTokens: z.boolean().default(true),
  /** Who owns the account as version 1.x tells it; null: version 1.x doesn't know the resource. */
  owner: z
    .strictObject({ userName: z.string(), email: z.string() })
    .nullable()
    .default({ userName: 'Ada Lovelace', email: 'ada@contoso.example' }),
  /** A number of projects of the world's `project` sizes, or each with its own. */
  projects: z.union([amount, z.array(projectWishSchema)]).default(1),
});

const behaviourSchema = z.strictObject({
  linkSeconds: z.number().positive().default(86_400),
  callsUntilDeleted: amount.default(2),
  readsUntilReady: amount.default(2),
  unknownImageIds: z.enum(['ignored', 'refused']).default('ignored'),
  ...learningBehaviourShape,
});

/** Seed and sizes of a world; every part has a default, `{}` is one resource with one project. */
export const worldOptionsSchema = z.strictObject({
  seed: z.union([z.string(), z.number()]).transform(String).default('1'),
  blobHost: z.string().toLowerCase().default('irisprodsim.blob.core.windows.net'),
  /** Sizes for every project that doesn't say its own. */
  project: projectWishSchema.default({}),
  resources: z.array(resourceOptionsSchema.prefault({})).default(() => [resourceOptionsSchema.parse({})]),
  behaviour: behaviourSchema.prefault({}),
  ...learningShape,
});

export type WorldOptions = z.input<typeof worldOptionsSchema>;
export type ProjectOptions = z.input<typeof projectOptionsSchema>;
export type ProjectSizes = z.output<typeof projectOptionsSchema>;
export type ResourceSizes = z.output<typeof resourceOptionsSchema>;
