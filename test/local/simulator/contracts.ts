import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** The published contracts, beside the clone. They are no part of the repository: whoever clones it alone doesn't have them. */
export const contractsFolder = fileURLToPath(new URL('../../../../shared/contracts/', import.meta.url));

/** Without the contracts no answer is held against a published specification; nothing else is different. */
export const hasContracts = existsSync(`${contractsFolder}specs`) && existsSync(`${contractsFolder}recorded`);

/** Tests that read the contracts; their title says why they are skipped where the folder is missing. */
export const describeContracts = (title: string, tests: () => void): void => {
  const named = hasContracts ? title : `${title} (skipped: no ../shared/contracts beside the clone)`;
  describe.skipIf(!hasContracts)(named, tests);
};
