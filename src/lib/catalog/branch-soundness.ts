import { areOnOneHost } from './catalog.ts';
import type { Branch, Family } from './family.ts';
import { mentions, parametersOf, placeholdersOf } from './mentions.ts';
import { verbOf } from './operation.ts';

/** Rules of what lies below a branch's families: its bases, the hosts that may have our secret, and how a base is told. */
export const branchFaults = (branch: Branch): readonly string[] =>
  [
    ...Object.entries(branch.bases).flatMap(([name, base]) => baseFaults(branch, name, base)),
    ...branch.hosts.flatMap((host) => hostFaults(branch, host)),
    ...discoveryFaults(branch),
    ...branch.families.flatMap((family) => [
      ...standingFaults(branch, family),
      ...viaFaults(family),
      ...ownFaults(branch, family),
      ...besideFaults(branch, family),
      ...containerFaults(family),
    ]),
  ].map((fault) => `${branch.target}: ${fault}`);

const unknownValues = (branch: Branch, template: string): readonly string[] =>
  placeholdersOf(template).filter((name) => branch.values[name] === undefined);

function baseFaults(branch: Branch, name: string, base: string): readonly string[] {
  const origin = /^(?:\{\w+\}|https:\/\/[^/]+)(?=\/|$)/.exec(base)?.[0];
  if (origin === undefined) return [`base ${name} begins neither with https nor with a whole origin.`];
  const host = origin.replace('https://', '');
  const covered = branch.hosts.some((allowed) => (allowed.startsWith('.') ? host.endsWith(allowed) : host === allowed));
  return [
    ...(base.endsWith('/') ? [`base ${name} ends with a slash.`] : []),
    ...(covered ? [] : [`calls below base ${name} may not carry a secret: its host is not listed.`]),
    ...unknownValues(branch, base).map((value) => `base ${name} needs {${value}}, which targets don't give.`),
  ];
}

/** `.net` would send our secret to anybody. */
const hostFaults = (branch: Branch, host: string): readonly string[] => [
  ...(/^\.?(?:[a-z0-9-]|\{\w+\})+(?:\.[a-z0-9-]+)*$/.test(host) ? [] : [`"${host}" is no host.`]),
  ...(/^\.[^.]*$/.test(host) ? [`"${host}" is a host of anybody's.`] : []),
  ...unknownValues(branch, host).map((value) => `host "${host}" needs {${value}}, which targets don't give.`),
];

function discoveryFaults(branch: Branch): readonly string[] {
  const { discover } = branch;
  if (!discover) return [];
  const { base, read, member } = discover;
  const known = new Set(Object.keys(branch.values));
  return [
    ...(branch.bases[base] === undefined ? [`tells base ${base}, which it doesn't have.`] : []),
    ...((read.base ?? 'main') === base ? [`asks for base ${base} below that base.`] : []),
    ...(branch.bases[read.base ?? 'main'] === undefined ? [`${read.operation} stands below no base.`] : []),
    ...(verbOf(read.route) === 'GET' ? [] : [`asks for base ${base} with ${read.route}.`]),
    ...(member.trim() === '' ? [`tells base ${base} in no member.`] : []),
    ...parametersOf(read)
      .filter((parameter) => !known.has(parameter))
      .map((parameter) => `asking for base ${base} needs {${parameter}}, which targets don't give.`),
  ];
}

const standingFaults = (branch: Branch, family: Family): readonly string[] =>
  mentions(family)
    .filter(({ base = 'main' }) => branch.bases[base] === undefined)
    .map(({ operation, base = 'main' }) => `${operation} stands below base ${base}, which it doesn't have.`);

/** What is given to a call on the way to bytes or persons must have a place in it, and the call must change nothing. */
function viaFaults(family: Family): readonly string[] {
  const ways = [
    ...(family.bytes ?? []).flatMap(({ via }) => via ?? []),
    ...(family.personsVia ? [family.personsVia] : []),
  ];
  return ways.flatMap(({ read, parameters }) => {
    const places = [...parametersOf(read), ...(read.optionalQuery ?? []), ...(read.requiredQuery ?? [])];
    return [
      ...(verbOf(read.route) === 'GET' ? [] : [`${family.family}: reads with ${read.route}.`]),
      ...Object.keys(parameters)
        .filter((name) => !places.includes(name))
        .map((name) => `${family.family}: gives ${read.operation} {${name}}, for which it has no place.`),
    ];
  });
}

/** What the target itself gives is never taken from an answer: several elements would all be asked for as the target's own. */
function ownFaults(branch: Branch, { family, within, parameter, list }: Family): readonly string[] {
  const isOwn = (name: string): boolean => branch.values[name] !== undefined;
  const several = list.some(({ paging }) => paging?.by !== 'single');
  return [
    ...within
      .filter((level) => isOwn(level.parameter))
      .map((level) => `${family}: level ${level.name} gives {${level.parameter}}, which the target gives.`),
    ...(isOwn(parameter) && several ? [`${family}: lists several {${parameter}}, which the target gives.`] : []),
  ];
}

/** That the one document of a target is missing is believed only beside something that answers on its host. */
function besideFaults(branch: Branch, { family, list, proof, beside = proof?.control }: Family): readonly string[] {
  return list
    .filter(({ paging }) => paging?.by === 'single')
    .filter((one) => beside === undefined || !areOnOneHost(branch, one, beside))
    .map(({ operation }) => `${family}: nothing on its host is asked when ${operation} answers 404.`);
}

/** A container means the same one within levels that stand above it; an item lies where a level leads. */
function containerFaults({ family, within, liesIn = {} }: Family): readonly string[] {
  return [
    ...within
      .filter(({ contained }, depth) => contained !== undefined && contained.depth > depth)
      .map(({ name }) => `${family}: containers of level ${name} differ by what lies within them.`),
    ...within
      .filter(({ contained, persons }) => contained !== undefined && persons === undefined)
      .map(({ name }) => `${family}: nothing says whose the containers of level ${name} are.`),
    ...Object.keys(liesIn)
      .filter((name) => !within.some(({ parameter }) => parameter === name))
      .map((name) => `${family}: an item says its {${name}}, to which no level leads.`),
  ];
}
