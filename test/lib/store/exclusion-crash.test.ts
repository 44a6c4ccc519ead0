import { describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { type Exclusion, exclusion } from '../../../src/lib/store/exclusion.ts';
import { useAzurite } from './support/azurite.ts';
import { faultyStorage } from './support/faulty-storage.ts';

const account = useAzurite();

/** What one process does, as often as it takes: a process that was cut off begins again. */
interface Scene {
  readonly name: string;
  readonly prepare: (doors: Exclusion, target: string, ids: Ids) => Promise<void>;
  readonly act: (doors: Exclusion, target: string, ids: Ids) => Promise<void>;
  readonly outcome: (doors: Exclusion, target: string, ids: Ids) => Promise<void>;
}
interface Ids {
  readonly actor: RequestId;
  readonly other: RequestId;
}

const nothing = async () => undefined;
const scenes: Scene[] = [
  {
    name: 'an export that enters',
    prepare: nothing,
    act: async (doors, target, { actor }) =>
      expect(await doors.enterExport(target, actor)).toEqual({ kind: 'entered' }),
    outcome: async (doors, target, { actor, other }) =>
      expect(await doors.enterDelete(target, other)).toEqual({ kind: 'blocked', by: actor }),
  },
  {
    name: 'a deletion that enters',
    prepare: nothing,
    act: async (doors, target, { actor }) =>
      expect(await doors.enterDelete(target, actor)).toEqual({ kind: 'entered' }),
    outcome: async (doors, target, { actor, other }) =>
      expect(await doors.enterExport(target, other)).toEqual({ kind: 'blocked', by: actor }),
  },
  {
    name: 'a deletion that leaves',
    prepare: async (doors, target, { actor, other }) => {
      await doors.enterDelete(target, actor);
      await doors.enterExport(target, other);
    },
    act: async (doors, target, { actor, other }) => expect(await doors.leave(target, actor)).toEqual([other]),
    outcome: async (doors, target, { other }) =>
      expect(await doors.enterExport(target, other)).toEqual({ kind: 'entered' }),
  },
  {
    name: 'an export that leaves a deletion waiting',
    prepare: async (doors, target, { actor, other }) => {
      await doors.enterExport(target, actor);
      await doors.enterDelete(target, other);
    },
    act: async (doors, target, { actor, other }) => expect(await doors.leave(target, actor)).toEqual([other]),
    outcome: async (doors, target, { other }) =>
      expect(await doors.enterDelete(target, other)).toEqual({ kind: 'entered' }),
  },
];

describe('exclusion on a target, wherever a process is cut off,', () => {
  for (const [index, scene] of scenes.entries()) {
    it(`is set right by the next attempt of ${scene.name}`, async () => {
      let completed = false;
      for (let cut = 0; !completed; cut += 1) {
        await using faulty = await faultyStorage(account.connection);
        const target = `crash-${index}-${cut}`;
        const ids = { actor: mintRequestId(), other: mintRequestId() };
        const sound = exclusion(account.storage);
        await scene.prepare(sound, target, ids);
        faulty.cutAfter(cut);
        completed = await scene.act(exclusion(faulty.storage), target, ids).then(
          () => true,
          (failure: unknown) => {
            expect(failure).toMatchObject({ name: 'StorageFailure' });
            return false;
          },
        );
        await scene.act(sound, target, ids);
        await scene.outcome(sound, target, ids);
        for (const requestId of Object.values(ids)) await sound.leave(target, requestId);
        const { value } = await account.storage.container.listBlobsFlat({ prefix: `targets/${target}/` }).next();
        expect(value).toBeUndefined();
      }
    });
  }
});
