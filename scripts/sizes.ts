import { join } from 'node:path';
import { largest } from '../test/architecture/budgets.ts';
import { readSources } from '../test/architecture/source.ts';

// The ten largest files and the ten largest functions of the program, in lines.
const program = readSources(join(import.meta.dirname, '..'), ['src', 'local', 'console', 'cli', 'bench', 'scripts']);
console.log(largest(program, 10).join('\n'));
