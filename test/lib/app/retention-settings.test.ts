import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { periodsFrom, policiesFrom } from '../../../src/lib/app/retention-settings.ts';
import { parseSettings } from '../../../src/lib/app/settings.ts';
import { targetsSchema } from '../../../src/lib/domain/target.ts';

const rootFile = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const { targets } = targetsSchema.parse(JSON.parse(readFileSync(rootFile('targets.sample.json'), 'utf8')));
const policy = { name: 'old', target: 'vision-west', family: 'cv-images', olderThanDays: 30 };
const read = (...policies: object[]) => policiesFrom({ RETENTION: JSON.stringify({ policies }) }, targets);

describe('The setting RETENTION', () => {
  it('may be missing, and may be a file: the sample fits the sample of targets', () => {
    expect(policiesFrom({}, targets)).toEqual([]);
    expect(policiesFrom({ RETENTION: rootFile('retention.sample.json') }, targets)).toHaveLength(1);
  });

  it('asks a person unless it says otherwise', () => {
    expect(read(policy)).toEqual([{ ...policy, approval: 'person', everyDays: 7 }]);
  });

  it('is refused where the target or the family does not fit, or takes others with it', () => {
    expect(() => read({ ...policy, target: 'elsewhere' })).toThrow('no target is called elsewhere');
    expect(() => read({ ...policy, family: 'cv-projects' })).toThrow('can go by age');
    expect(() => read({ ...policy, family: 'ml-models' })).toThrow('can go by age');
    expect(() => read({ ...policy, olderThanDays: 0 })).toThrow();
    expect(() => read(policy, policy)).toThrow('same name');
  });
});

describe('Retention periods', () => {
  it('are whole days, with defaults', () => {
    expect(periodsFrom({})).toEqual({ exportResults: 30, deleteResults: 90, subject: 90, history: 14 });
    expect(periodsFrom({ DSR_VERSIONS_KEPT_DAYS: '30' }).versions).toBe(30);
    expect(() => periodsFrom({ DSR_VERSIONS_KEPT_DAYS: '0' })).toThrow('DSR_VERSIONS_KEPT_DAYS');
    expect(() => periodsFrom({ DSR_RETAIN_EXPORT_DAYS: '0' })).toThrow('DSR_RETAIN_EXPORT_DAYS');
  });

  it('are longer than packages are handed out, of exports as of deletes that exported first', () => {
    expect(periodsFrom({}, 29).exportResults).toBe(30);
    expect(() => periodsFrom({}, 30)).toThrow('DSR_DOWNLOAD_DAYS (30) must be less than DSR_RETAIN_EXPORT_DAYS (30)');
    expect(() => periodsFrom({ DSR_RETAIN_DELETE_DAYS: '21' }, 21)).toThrow('DSR_RETAIN_DELETE_DAYS (21)');
    expect(() => parseSettings({ DSR_RETAIN_EXPORT_DAYS: '14' })).toThrow('DSR_DOWNLOAD_DAYS (21) must be less than');
  });
});
