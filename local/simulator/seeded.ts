import { createHash } from 'node:crypto';

/** A stream of numbers that follows from its seed alone: the same world on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** Whole, both ends included. */
  integer(minimum: number, maximum: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  uuid(): string;
  hex(characters: number): string;
}

/** Mulberry32 with its state taken from the seed's SHA-256. Not for secrets. */
export function randomFrom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const unsigned = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => unsigned() / 2 ** 32;
  const integer = (minimum: number, maximum: number) => minimum + Math.floor(next() * (maximum - minimum + 1));
  const hex = (characters: number) => {
    let digits = '';
    while (digits.length < characters) digits += unsigned().toString(16).padStart(8, '0');
    return digits.slice(0, characters);
  };
  return {
    next,
    integer,
    hex,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
    uuid: () => asUuid(hex(32)),
  };
}

/** 32 hexadecimal digits written as a UUID of version 4. */
export function asUuid(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
