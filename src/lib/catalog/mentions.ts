import { operationsOf } from './catalog.ts';
import type { Family } from './family.ts';
import { type Operation, pathOf } from './operation.ts';

/** Names in braces in a template, in the order in which they stand. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\+?(\w+)\}/g)].map((match) => match[1] ?? '');

/** The parameters that an operation's route needs from outside. */
export const parametersOf = (operation: Operation): readonly string[] =>
  placeholdersOf(pathOf(operation.route)).filter((name) => operation.constants?.[name] === undefined);

/** Every mention of an operation in a family's entry; `operationsOf` would hide a second one of the same name. */
export function mentions(family: Family): readonly Operation[] {
  const { erase, proof, within, read, claims, personsVia, beside } = family;
  return [
    ...operationsOf(family),
    ...within.flatMap((level) => [level.list, ...(level.read ? [level.read] : [])]),
    ...family.list,
    ...(read ? [read] : []),
    ...(claims ? [claims.read] : []),
    ...(beside ? [beside] : []),
    ...(personsVia ? [personsVia.read] : []),
    ...(family.bytes ?? []).flatMap((bytes) => bytes.via?.read ?? []),
    ...(family.parts ?? []).map((part) => part.read),
    ...(erase.by === 'call' ? [erase.operation, ...(erase.first ? [erase.first.read, erase.first.call] : [])] : []),
    ...(proof?.by === 'item' ? [proof.read] : []),
    ...(proof ? [proof.control] : []),
  ];
}
