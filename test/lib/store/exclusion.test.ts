import { describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { exclusion } from '../../../src/lib/store/exclusion.ts';
import { useAzurite } from './support/azurite.ts';

const account = useAzurite();
const doors = () => exclusion(account.storage);
const entered = { kind: 'entered' };
const ids = (count: number) => Array.from({ length: count }, mintRequestId);

describe('exclusion on a target', () => {
  it('lets exports in together, and a deletion once the last of them has left', async () => {
    const [first = mintRequestId(), second = mintRequestId(), deletion = mintRequestId()] = ids(3);
    expect(await doors().enterExport('one', first)).toEqual(entered);
    expect(await doors().enterExport('one', second)).toEqual(entered);
    expect((await doors().enterDelete('one', deletion)).kind).toBe('blocked');
    expect(await doors().leave('one', first)).toEqual([deletion]);
    expect(await doors().enterDelete('one', deletion)).toEqual({ kind: 'blocked', by: second });
    expect(await doors().leave('one', second)).toEqual([deletion]);
    expect(await doors().enterDelete('one', deletion)).toEqual(entered);
  });

  it('keeps new exports out while a deletion waits for earlier ones, which may come back', async () => {
    const [early = mintRequestId(), late = mintRequestId(), deletion = mintRequestId()] = ids(3);
    await doors().enterExport('two', early);
    await doors().enterDelete('two', deletion);
    expect(await doors().enterExport('two', late)).toEqual({ kind: 'blocked', by: deletion });
    expect(await doors().enterExport('two', early)).toEqual(entered);
    await doors().leave('two', early);
    expect(await doors().enterDelete('two', deletion)).toEqual(entered);
    expect(await doors().enterExport('two', late)).toEqual({ kind: 'blocked', by: deletion });
    expect(await doors().leave('two', deletion)).toEqual([late]);
    expect(await doors().enterExport('two', late)).toEqual(entered);
  });

  it('lets one deletion in at a time, again and again the same one', async () => {
    const [first = mintRequestId(), second = mintRequestId()] = ids(2);
    expect(await doors().enterDelete('three', first)).toEqual(entered);
    expect(await doors().enterDelete('three', first)).toEqual(entered);
    expect(await doors().enterDelete('three', second)).toEqual({ kind: 'blocked', by: first });
    expect(await doors().leave('three', first)).toEqual([second]);
    expect(await doors().leave('three', first)).toEqual([second]);
    expect(await doors().enterDelete('three', second)).toEqual(entered);
    expect(await doors().enterDelete('another', first)).toEqual(entered);
  });

  it('forgets who gives up waiting', async () => {
    const [first = mintRequestId(), second = mintRequestId()] = ids(2);
    await doors().enterDelete('four', first);
    await doors().enterExport('four', second);
    expect(await doors().leave('four', second)).toEqual([]);
    expect(await doors().leave('four', first)).toEqual([]);
  });

  it('never lets a deletion be together with anyone, and loses nobody who waits', async () => {
    const crowd = new Crowd();
    await Promise.all(Array.from({ length: 18 }, (_, index) => crowd.visit(index % 3 === 0 ? 'delete' : 'export')));
    expect(crowd.faults).toEqual([]);
    expect(crowd.done).toBe(18);
    const left = [];
    for await (const { name } of account.storage.container.listBlobsFlat({ prefix: 'targets/crowded/' }))
      left.push(name);
    expect(left).toEqual([]);
  });
});

/** Requests that come at once, wait to be told when they are blocked, and tell the others when they leave. */
class Crowd {
  readonly faults: string[] = [];
  done = 0;
  readonly #inside = new Map<RequestId, 'delete' | 'export'>();
  readonly #told = new Map<RequestId, PromiseWithResolvers<void>>();

  async visit(action: 'delete' | 'export'): Promise<void> {
    const requestId = mintRequestId();
    this.#told.set(requestId, Promise.withResolvers());
    const enter = action === 'delete' ? doors().enterDelete : doors().enterExport;
    while ((await enter('crowded', requestId)).kind === 'blocked') {
      // Told while it was still asking: then it looks again at once.
      await this.#told.get(requestId)?.promise;
      this.#told.set(requestId, Promise.withResolvers());
    }
    this.#arrive(requestId, action);
    // Storage takes its time: others have a chance to come in by mistake.
    await enter('crowded', requestId);
    this.#inside.delete(requestId);
    for (const waiting of await doors().leave('crowded', requestId)) this.#told.get(waiting)?.resolve();
    this.done += 1;
  }

  #arrive(requestId: RequestId, action: 'delete' | 'export'): void {
    const others = [...this.#inside.values()];
    if (action === 'delete' ? others.length > 0 : others.includes('delete'))
      this.faults.push(`${action} met ${others.join()}`);
    this.#inside.set(requestId, action);
  }
}
