/** Imported by each worker before the app where a test turns its clock: it runs ahead by as many milliseconds as a file says. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../../src/lib/domain/clock.ts';

const file = process.env.TURNED_CLOCK ?? '';
systemClock.now = () => new Date(Date.now() + Number(readFileSync(file, 'utf8')));
