import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { namesInTargets, settingsFromEnvironment } from '../../local/targets.ts';
import { targetsSchema } from '../../src/lib/domain/target.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'targets.sample.json');
const settingsSchema = z.object({ Values: z.record(z.string(), z.string()) });

describe('the samples', () => {
  it('are a data map that the app takes, and settings that name each of its keys', async () => {
    targetsSchema.parse(JSON.parse(await readFile(sample, 'utf8')));
    const settings = settingsSchema.parse(JSON.parse(await readFile(join(root, 'local.settings.sample.json'), 'utf8')));
    expect(Object.keys(settings.Values)).toEqual(expect.arrayContaining([...namesInTargets(sample).keySettings]));
  });
});

describe('settings of npm run local from the environment', () => {
  it("are the app's own, the identity endpoint and the keys that targets name, and nothing else", () => {
    const environment = {
      PATH: '/bin',
      AZURE_CLIENT_SECRET: 'no',
      VISION_KEY_WEST: 'west',
      VISION_KEY_EAST: 'east',
      DSR_PAUSE_SECONDS: '1',
      OTEL_SERVICE_NAME: 'here',
      IDENTITY_HEADER: 'header',
    };
    expect(settingsFromEnvironment(environment, namesInTargets(sample))).toEqual({
      VISION_KEY_WEST: 'west',
      DSR_PAUSE_SECONDS: '1',
      OTEL_SERVICE_NAME: 'here',
      IDENTITY_HEADER: 'header',
    });
  });

  it('refuses what is no data map, with a pointer to the sample', () => {
    expect(() => namesInTargets('{"targets": [{}]}')).toThrow('targets.sample.json');
  });
});
