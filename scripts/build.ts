import { join } from 'node:path';
import { buildApp } from './build-app.ts';

const root = join(import.meta.dirname, '..');
const built = await buildApp({ root, outputFolder: join(root, 'dist') });
console.log(
  `dist: ${built.entry}, ${Math.round(built.bytes / 1024)} KiB at each start, from ${built.startInputs.length} files`,
);
