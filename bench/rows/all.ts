import { burst } from './burst.ts';
import { coldStart } from './cold-start.ts';
import { erase } from './erase.ts';
import { growth } from './growth.ts';
import { images } from './images.ts';
import { oneLarge } from './one-large.ts';
import { overhead } from './overhead.ts';
import { quota } from './quota.ts';
import type { Row } from './row.ts';
import { smallDocuments } from './small-documents.ts';
import { workers } from './workers.ts';

/** All benchmarks, in the order of the table. */
export const ROWS: readonly Row[] = [
  smallDocuments,
  images,
  oneLarge,
  growth,
  quota,
  erase,
  overhead,
  burst,
  workers,
  coldStart,
];
