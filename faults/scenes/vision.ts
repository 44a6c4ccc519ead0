import type { Random } from '../../local/simulator/seeded.ts';
import { changeWorld } from '../../local/simulator/world/change.ts';
import type { Project } from '../../local/simulator/world/model.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import type { FinalOutcome } from '../../src/lib/domain/ledger.ts';
import { imageDigests, imagesOf, keysOf } from '../../test/end-to-end/support/expected.ts';
import { itemKey } from '../../test/end-to-end/support/learning-world.ts';
import type { Order } from '../../test/end-to-end/support/portal.ts';
import type { Stage } from '../../test/end-to-end/support/stage.ts';
import { hostOf } from '../../test/end-to-end/support/targets.ts';
import { found } from '../../test/end-to-end/support/until.ts';
import { hostileProject } from './hostile.ts';
import type { Scene } from './scene.ts';

export type VisionAction = 'export' | 'delete' | 'together' | 'subject';

/** As small as a project can be that has one of everything. */
const SIZES = {
  tags: 2,
  taggedImages: 4,
  untaggedImages: 2,
  deletedImages: 1,
  iterations: { published: 1, trained: 0 },
  imageBytes: 400,
  exportBytes: 900,
  predictions: 1,
};

/** Who has uploaded some of the images, as their metadata says. */
const UPLOADER = 'ada@contoso.example';

const ORDERS: Readonly<Record<VisionAction, Omit<Order, 'targets'>>> = {
  export: { action: 'export' },
  delete: { action: 'delete' },
  together: { action: 'delete', erase: 'together' },
  subject: { action: 'delete', scope: 'subject', subject: { reference: 'ticket', email: UPLOADER } },
};

interface Wanted {
  readonly target: string;
  readonly images?: number;
  /** Everything gets a hostile name, drawn from these. */
  readonly hostile?: Random;
}

/** A fresh project on a Custom Vision resource that holds nothing else, and a request about it. */
export function visionScene(stage: Stage, action: VisionAction, how: Wanted): Scene {
  const { world } = stage.simulator;
  const resource = stage.resource(how.target);
  resource.projects.clear();
  const sizes = { ...SIZES, ...(how.images === undefined ? {} : { taggedImages: how.images, imageBytes: 80 }) };
  changeWorld(world, { change: 'addProject', resource: how.target, sizes });
  const made = found([...resource.projects.values()][0]);
  const project = how.hostile ? hostileProject(made, how.hostile) : made;
  resource.projects.set(project.id, project);
  const held = () => Object.values(keysOf(resource)).flat();
  const expected = expectedOf(action, project, held());
  const others = (shared = false): unknown => {
    const { resources, learning } = snapshotOf(world);
    const own = action === 'export' && !shared ? resources : resources.filter(({ name }) => name !== how.target);
    return { own, learning, unasked: shared ? [] : held().filter((key) => !expected.has(key)) };
  };
  return {
    action,
    order: { ...ORDERS[action], targets: [how.target] },
    expected,
    digests: action === 'export' ? imageDigests(world, resource) : new Map(),
    calls: { host: hostOf(how.target) },
    left: () => new Set(held()),
    rest: others,
    vanish: (random) => {
      const ids = [...project.workspace.images.keys()].filter(() => random.next() < 0.4);
      for (const set of [project.workspace, ...[...project.iterations.values()].map((one) => one.trainingSet)]) {
        for (const id of ids) set.images.delete(id);
      }
    },
    appear: (random) => {
      if (!resource.projects.has(project.id)) return;
      changeWorld(world, { change: 'addImages', projectId: project.id, count: random.integer(1, 3) });
    },
  };
}

function expectedOf(action: VisionAction, project: Project, keys: readonly string[]): Map<string, FinalOutcome> {
  switch (action) {
    case 'export':
      // A target of version 3 has no account info to ask for; the export says so in one line.
      return new Map([...keys.map((key) => [key, 'saved'] as const), ['cv-account', 'absent']]);
    case 'delete':
    case 'together':
      return new Map(keys.map((key) => [key, key.startsWith('cv-exported-models/') ? 'kept' : 'erased']));
    case 'subject': {
      const theirs = [...imagesOf(project).values()].filter(({ metadata }) => metadata?.uploadedBy === UPLOADER);
      return new Map(theirs.map(({ id }) => [itemKey('cv-images', project.id, id), 'erased']));
    }
  }
}
