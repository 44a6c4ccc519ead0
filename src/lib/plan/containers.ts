import type { Contained, Family } from '../catalog/family.ts';
import { identityOf } from './places.ts';

/** Whether an element's container is called like the element: nobody else has reason to name it, and it is the element's to be walked. */
export function isOwnContainer({ in: members, own, prefix }: Contained, element: unknown): boolean {
  const id = identityOf(own, element);
  const container = identityOf(members, element);
  return id !== undefined && (container === id || container === `${prefix}${id}`);
}

/** Where calls find an item. `elsewhere`: not where it was listed, nor in the container that is called like that one. */
export interface Address {
  readonly parameters: Readonly<Record<string, string>>;
  readonly elsewhere: boolean;
}

/** The parameters of the place where an item was listed, with what the item itself says of where it lies. */
export function addressOf(family: Family, listed: Readonly<Record<string, string>>, document: unknown): Address {
  const said = Object.entries(family.liesIn ?? {}).flatMap(([name, members]) => {
    const value = identityOf(members, document);
    return value === undefined || value === listed[name] ? [] : [[name, value] as const];
  });
  const elsewhere = said.some(([name, value]) => {
    const prefix = family.within.find((level) => level.parameter === name)?.contained?.prefix ?? '';
    return value !== `${prefix}${listed[name]}`;
  });
  return { parameters: { ...listed, ...Object.fromEntries(said) }, elsewhere };
}
