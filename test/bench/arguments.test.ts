import { expect, test } from 'vitest';
import { parseBenchArguments } from '../../bench/arguments.ts';

const NAMES = ['images', 'erase', 'quota'];

test('without words everything is measured at full size', () => {
  expect(parseBenchArguments([], NAMES)).toEqual({ only: [], scale: 1, verbose: false });
});

test('rows are named one by one or in a list', () => {
  const words = ['--only', 'images,erase', '--only', 'quota', '--json', 'bench.json', '--scale', '0.1'];
  expect(parseBenchArguments(words, NAMES)).toEqual({ only: NAMES, json: 'bench.json', scale: 0.1, verbose: false });
});

test('a row that does not exist, a size that is none and unknown words are refused', () => {
  expect(() => parseBenchArguments(['--only', 'image'], NAMES)).toThrow('images, erase, quota');
  expect(() => parseBenchArguments(['--scale', '0'], NAMES)).toThrow('--scale');
  expect(() => parseBenchArguments(['--fast'], NAMES)).toThrow('--fast');
});
