import { branchFaults } from './branch-soundness.ts';
import { operationsOf } from './catalog.ts';
import type { Branch, EraseByCall, Family } from './family.ts';
import { mentions, parametersOf } from './mentions.ts';
import { type Operation, verbOf } from './operation.ts';
import { operationFaults, twice } from './operation-soundness.ts';

/** Every route parameter has to come from the target, from a level on the way, or from the item itself. */
function parameterFaults(branch: Branch, family: Family): readonly string[] {
  const given = new Set([...Object.keys(branch.values), ...family.within.map((level) => level.parameter)]);
  const lists = family.list.map((operation) => ({ operation, known: given }));
  for (const name of family.subject ? [family.subject.identifier] : []) given.add(name);
  const ofParts = (family.parts ?? []).flatMap(({ parameters }) => Object.keys(parameters ?? {}));
  const ofNames = (family.bytes ?? []).some(({ named }) => named) ? ['origin', 'container', 'path'] : [];
  const all = new Set([...given, family.parameter, ...ofParts, ...ofNames]);
  const others = [...operationsOf(family), ...proofReads(family)]
    .filter((operation) => !family.list.includes(operation))
    .map((operation) => ({ operation, known: all }));
  return [...lists, ...others].flatMap(({ operation, known }) =>
    parametersOf(operation)
      .filter((parameter) => !known.has(parameter))
      .map(
        (parameter) => `${family.family}: ${operation.operation} needs {${parameter}}, which nothing on the way gives.`,
      ),
  );
}

/** What is asked before and after an erasure, with what the item gives. */
function proofReads({ erase, proof }: Family): readonly Operation[] {
  const first = erase.by === 'call' && erase.first ? [erase.first.read] : [];
  return [...first, ...(proof?.by === 'item' ? [proof.read] : []), ...(proof ? [proof.control] : [])];
}

/** Each level is listed with what the levels before it gave, and an element of it asked for with its own parameter besides. */
function levelFaults(branch: Branch, family: Family): readonly string[] {
  return family.within.flatMap((level, depth) => {
    const known = new Set([
      ...Object.keys(branch.values),
      ...family.within.slice(0, depth).map((above) => above.parameter),
    ]);
    const reads = (level.read ? parametersOf(level.read) : []).filter((parameter) => parameter !== level.parameter);
    return [...parametersOf(level.list), ...reads]
      .filter((parameter) => !known.has(parameter))
      .map((parameter) => `${family.family}: level ${level.name} needs {${parameter}}, which nothing above gives.`);
  });
}

/** What services call the moment at which something was made: written once. Dates of changes move between a plan and its erasure. */
const MADE = /^created(?:At|On|Time|Utc)?$/;

/** Whoever goes by age must not take with it what is younger, nor become younger itself, nor be taken for a later one of the same name. */
function ageFaults({ family, age, assignedOnce, erase, infrastructure, proof }: Family): readonly string[] {
  if (age === undefined) return [];
  const alone = erase.by === 'call' && !erase.contains && !erase.cascades && !infrastructure;
  const isReadAgain = erase.by === 'call' && !erase.batch && proof?.by === 'item';
  return [
    ...(alone ? [] : [`${family}: has an age, but its items don't go by themselves.`]),
    ...(MADE.test(age) ? [] : [`${family}: goes by ${age}, which may change after a plan.`]),
    ...(assignedOnce || isReadAgain
      ? []
      : [`${family}: goes by age, and a later item of the same name can't be told from it.`]),
  ];
}

function verbFaults(family: Family): readonly string[] {
  const { erase } = family;
  const reads = [
    ...family.list,
    ...(family.read ? [family.read] : []),
    ...(family.parts ?? []).map(({ read }) => read),
  ];
  const faults = reads
    .filter((operation) => verbOf(operation.route) === 'DELETE')
    .map((operation) => `${family.family}: reads with ${operation.route}.`);
  if (erase.by === 'call' && verbOf(erase.operation.route) !== 'DELETE') {
    faults.push(`${family.family}: erases with ${erase.operation.route}.`);
  }
  return faults;
}

/** What is erased by a call must be proved; what is not has nothing to prove and says why. */
function eraseFaults(family: Family): readonly string[] {
  const { erase, proof } = family;
  const faults: string[] = [];
  if (erase.by === 'call' && !proof) faults.push(`${family.family}: is erased, but nothing proves it.`);
  if (erase.by === 'hand' && erase.sentence.trim() === '')
    faults.push(`${family.family}: by hand, without its sentence.`);
  const named = erase.by === 'call' ? [...parametersOf(erase.operation), ...(erase.operation.requiredQuery ?? [])] : [];
  const whole = erase.by === 'call' && !erase.batch && !named.includes(family.parameter);
  if (whole)
    faults.push(
      `${family.family}: ${family.parameter} is not in the route that erases it: a whole collection would go.`,
    );
  return faults;
}

const namedParent = ({ together }: EraseByCall): readonly string[] => (together === undefined ? [] : [together]);

/** What may go with a parent is counted among what the parent contains; what goes by one call is proved by its lists. */
function togetherFaults(branch: Branch, { family, erase, proof }: Family): readonly string[] {
  if (erase.by !== 'call') return [];
  const { together, whole } = erase;
  const parent = branch.families.find((other) => other.family === together)?.erase;
  const isWithin = parent?.by === 'call' && parent.contains?.includes(family);
  return [
    ...(together !== undefined && !isWithin ? [`${family}: goes with ${together}, which doesn't contain it.`] : []),
    ...(whole && proof?.by !== 'lists' ? [`${family}: goes by one call, and no list proves it.`] : []),
  ];
}

/** Families that a family names stand in the same branch. */
function neighbourFaults(branch: Branch, family: Family): readonly string[] {
  const { erase, needs } = family;
  const named = [
    ...family.after,
    ...(erase.by === 'parent' ? [erase.family] : []),
    ...(erase.by === 'call' ? [...(erase.contains ?? []), ...(erase.cascades ?? []), ...namedParent(erase)] : []),
    ...(family.personsWithin ? [family.personsWithin] : []),
    ...(needs ? [needs.family] : []),
  ];
  return named
    .filter((name) => !branch.families.some((other) => other.family === name))
    .map((name) => `${family.family}: names ${name}, which is not in the branch.`);
}

/** An order exists only when nobody waits, over others, for himself. */
function orderFaults(branch: Branch): readonly string[] {
  const after = new Map(branch.families.map((family) => [family.family, family.after]));
  const waitsFor = (name: string, seen: readonly string[]): readonly string[] =>
    seen.includes(name) ? seen : (after.get(name) ?? []).flatMap((next) => waitsFor(next, [...seen, name]));
  return branch.families
    .filter((family) => waitsFor(family.family, []).includes(family.family))
    .map((family) => `${family.family}: waits for itself before it can be erased.`);
}

/** One name means one operation in the whole catalogue. */
function nameFaults(branches: readonly Branch[]): readonly string[] {
  const routes = new Map<string, Set<string>>();
  const families = branches.flatMap((branch) => branch.families);
  for (const operation of families.flatMap(mentions)) {
    const known = routes.get(operation.operation) ?? new Set();
    routes.set(operation.operation, known.add(operation.route));
  }
  return [
    ...twice(families.map((family) => family.family)).map((name) => `${name}: two families have this name.`),
    ...families
      .filter(
        (family) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(family.family) || `dsr-${family.family}-poison`.length > 63,
      )
      .map((family) => `${family.family}: can't be part of a queue's name.`),
    ...[...routes].filter(([, known]) => known.size > 1).map(([name]) => `${name}: stands for several routes.`),
  ];
}

/**
 * The rules of a sound catalogue. Queue names: 3 to 63 characters, lower-case letters, digits, single dashes (Azure Storage, "Naming queues
 * and metadata").
 * @returns a sentence for each rule that is broken; none for a sound catalogue.
 */
export function catalogFaults(branches: readonly Branch[]): readonly string[] {
  const faults = branches.flatMap((branch) => [
    ...branch.families.flatMap((family) => [
      ...mentions(family).flatMap(operationFaults),
      ...levelFaults(branch, family),
      ...parameterFaults(branch, family),
      ...verbFaults(family),
      ...ageFaults(family),
      ...eraseFaults(family),
      ...neighbourFaults(branch, family),
      ...togetherFaults(branch, family),
    ]),
    ...orderFaults(branch),
    ...branchFaults(branch),
  ]);
  return [...new Set([...faults, ...nameFaults(branches)])];
}
