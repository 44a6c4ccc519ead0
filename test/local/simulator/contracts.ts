import { fileURLToPath } from 'node:url';

/** Microsoft's published specifications with their examples, and recorded answers of the real services (MIT; see its README). */
export const contractsFolder = fileURLToPath(new URL('../../contracts/', import.meta.url));
