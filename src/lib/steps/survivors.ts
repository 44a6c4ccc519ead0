import { familyNamed } from '../catalog/catalog.ts';
import type { Plan, Task } from '../domain/plan.ts';

/** What stays upstream when infrastructure is deleted, with the sentence that says so: by hand only, for whoever is to clear it away. */
export function survivorsOf(tasks: readonly Pick<Task, 'family' | 'target' | 'way'>[]): Plan['byHand'] {
  return tasks.flatMap(({ family, target, way }) => {
    const { infrastructure, title } = familyNamed(family);
    const sentence = way === 'call' ? infrastructure?.survives : undefined;
    return sentence === undefined ? [] : [{ target, what: `What survives: ${title}`, sentence }];
  });
}
