import { z } from 'zod';

/** How links to package files are handed out, where they are. */
export interface LinkSettings {
  /** Who serves what a link leads to: the app, or storage itself. */
  readonly through: 'app' | 'storage';
  readonly minutes: number;
}

const linksSchema = z.object({
  DSR_LINKS: z.enum(['none', 'app', 'storage']).default('none'),
  DSR_LINK_MINUTES: z.coerce.number().int().min(1).max(60).default(10),
});

/**
 * DSR_LINKS, DSR_LINK_MINUTES; undefined where no links are handed out. @param identity whether storage is connected by the app's identity.
 * @throws ZodError, Error where storage can't hand out keys.
 */
export function linkSettingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
  identity: boolean,
): LinkSettings | undefined {
  const { DSR_LINKS: through, DSR_LINK_MINUTES: minutes } = linksSchema.parse(environment);
  if (through === 'none') return undefined;
  if (through === 'storage' && !identity) {
    throw new Error(
      'DSR_LINKS is storage: that needs AzureWebJobsStorage__accountName instead of a connection string.',
    );
  }
  return { through, minutes };
}
