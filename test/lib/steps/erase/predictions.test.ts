import { expect, test } from 'vitest';
import { useAzurite } from '../../store/support/azurite.ts';
import { Driver } from '../support/driver.ts';
import { finalsOf, ledgersOf } from '../support/ledgers.ts';
import { openStage } from '../support/stage.ts';

const azurite = useAzurite();

/** Ids that one call takes (customvision-training-v3.0.json, DeletePrediction: maxItems). */
const MOST = 64;
const NONE = { tags: 0, taggedImages: 0, untaggedImages: 0, deletedImages: 0, exports: 0 };

test.each([MOST, MOST + 1, 2 * MOST + 2])(
  '%i stored predictions are erased 64 a call, each once',
  async (predictions) => {
    const sizes = { ...NONE, iterations: { published: 0, trained: 1 }, predictions, imageBytes: 10 };
    await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: [sizes] }] } });
    const [project] = stage.resource.projects.values();
    const ids = [...(project?.predictions.keys() ?? [])];
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action: 'delete', families: ['cv-predictions'] });
    expect(await driver.toTheEnd(requestId)).toMatchObject({ state: 'completed' });
    const calls = stage.simulator.calls.list.filter(({ operation }) => operation === 'DeletePrediction');
    const asked = calls.map(({ query }) => (new URLSearchParams(query).get('ids') ?? '').split(','));
    expect(calls.map(({ status }) => status)).toEqual(asked.map(() => 204));
    expect(Math.max(...asked.map(({ length }) => length))).toBe(MOST);
    expect(asked).toHaveLength(Math.ceil(predictions / MOST));
    expect(asked.flat().sort(), 'each id once').toEqual([...ids].sort());
    expect(project?.predictions.size).toBe(0);
    const finals = finalsOf(await ledgersOf(stage, requestId));
    expect(finals).toHaveLength(predictions);
    expect(finals.filter((final) => !/ erased /.test(final))).toEqual([]);
  },
);
