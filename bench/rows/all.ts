import { coldStart } from './cold-start.ts';
import { erase } from './erase.ts';
import { images } from './images.ts';
import { overhead } from './overhead.ts';
import type { Row } from './row.ts';
import { smallDocuments } from './small-documents.ts';

/** All benchmarks, in the order of the table. */
export const ROWS: readonly Row[] = [smallDocuments, images, erase, overhead, coldStart];
