import { operationsOf } from '../src/lib/catalog/catalog.ts';
import type { Branch, Erase, Family, Level } from '../src/lib/catalog/family.ts';
import { urlTemplate } from '../src/lib/catalog/listing.ts';
import { type Operation, verbOf } from '../src/lib/catalog/operation.ts';
import { assertNever } from '../src/lib/domain/never.ts';

const introduction = `# Catalogue of upstream operations

Generated from \`src/lib/catalog\` by \`npm run catalog -- --write\`: change the tables there, not this page.

- **seed**: the source document that names the operation (S0: Azure Machine Learning, S4: Custom Vision); *extra*: neither does, but a complete job needs it.
- **row**: its row in the table of wire contracts that the catalogue was written from; of what stands in none, the published specification in which it is found by its name (\`operationId\`).
- **rests on**: \`spec\` a published specification, \`doc\` a reference page, \`rec\` recorded traffic, \`inf-H\`/\`inf-M\`/\`inf-L\` inferred with high, medium, low confidence.
- URLs are RFC 6570 templates: \`{?a,b}\` and \`{&a,b}\` are sent where they apply.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n');

function versions({ since, until }: Operation): string {
  if (since && until) return `${since} to ${until}`;
  if (since) return `${since} and later`;
  return until ? `up to ${until}` : 'all';
}

function paging({ paging: way }: Operation): string {
  if (!way) return '';
  switch (way.by) {
    case 'whole':
      return 'whole list in one answer';
    case 'skip-take':
      return `skip/take, ${way.take} a page`;
    case 'single':
      return 'one document';
    case 'next-link':
      return way.token === undefined ? '`nextLink`' : `\`nextLink\` or \`${way.token}\``;
    case 'query-token':
      return 'token posted back';
    default:
      return assertNever(way, 'way of paging');
  }
}

function eraseSentences(erase: Erase): readonly string[] {
  switch (erase.by) {
    case 'hand':
      return [`Erased by hand only: “${erase.sentence}”`];
    case 'parent':
      return [`Erased with its parent, \`${erase.family}\`.`];
    case 'call': {
      const { batch, everywhere, first, contains, whole, together } = erase;
      const sentences = [
        `Erased by \`${erase.operation.operation}\`, ${batch ? `up to ${batch.size} items a call` : 'one item a call'}.`,
      ];
      if (first) sentences.push(`First \`${first.call.operation}\` where \`${first.whenFilled}\` is filled.`);
      if (everywhere) {
        const options = new URLSearchParams(everywhere.query).toString();
        sentences.push(`From version ${everywhere.since} on with \`${options}\`: copies elsewhere go too.`);
      }
      if (whole) {
        const options = new URLSearchParams(whole.query).toString();
        sentences.push(
          `Together, from version ${whole.since} on: one call with \`${options}\` for all under one parent.`,
        );
      }
      if (together) sentences.push(`Together: goes with its \`${together}\` where that goes too.`);
      if (contains) sentences.push(`Takes with it: ${contains.map((name) => `\`${name}\``).join(', ')}.`);
      return sentences;
    }
    default:
      return assertNever(erase, 'way of erasing');
  }
}

function proofSentence({ proof }: Family): readonly string[] {
  if (!proof) return [];
  const how =
    proof.by === 'item'
      ? `\`${proof.read.operation}\` answers 404`
      : 'its lists, read again from the start, no longer hold it';
  return [`Proved gone when ${how}, while \`${proof.control.operation}\` answers 200.`];
}

const levelName = (level: Level): string => `${level.name}${level.self ? ' and the place itself' : ''}`;

function placeSentence(family: Family): string {
  const places = family.within.map(levelName).join(' → ');
  return `Within: ${places || 'the target itself'}. An item is known by \`${family.identity}\`.`;
}

function contentSentences(family: Family): readonly string[] {
  const parts = (family.parts ?? []).map(
    ({ part, read, when }) =>
      `Read with it: ${part} (\`${read.operation}\`)${when ? `, where \`${when.member}\` is ${when.is}` : ''}.`,
  );
  const bytes = (family.bytes ?? []).map(
    ({ each, member, when, named }) =>
      `Bytes behind \`${each === undefined ? '' : `${each}[].`}${member}\`${when ? `, where \`${when.member}\` is ${when.is}` : ''}.${named ? ` Where it begins with \`${named.asset}\` or \`${named.artifact}\`, it names artifacts, and each one's bytes are asked for (\`doc\`: so does Microsoft's client azureml-core).` : ''}`,
  );
  return [...parts, ...bytes];
}

function orderSentences({ after, needs }: Family): readonly string[] {
  const sentences = after.length > 0 ? [`Erased after: ${after.map((name) => `\`${name}\``).join(', ')}.`] : [];
  if (needs)
    sentences.push(
      `Before version ${needs.before} refused without \`${needs.family}\`, and always in subject scope: ${needs.ground}.`,
    );
  return sentences;
}

function operationRow(branch: Branch, family: Family, operation: Operation): readonly string[] {
  const { operation: name, seed, row: source, confidence } = operation;
  const url = `\`${verbOf(operation.route)} ${urlTemplate(branch, family, operation)}\``;
  return [
    name,
    url,
    `${seed}, ${source.endsWith('.json') ? source : `row ${source}`}`,
    confidence.join(', '),
    versions(operation),
    paging(operation),
  ];
}

function renderFamily(branch: Branch, family: Family): string {
  const sentences = [
    placeSentence(family),
    ...contentSentences(family),
    ...eraseSentences(family.erase),
    ...orderSentences(family),
    ...proofSentence(family),
  ];
  const header = ['operation', 'method and URL', 'seed, row', 'rests on', 'versions', 'paging'];
  const rows = operationsOf(family).map((operation) => operationRow(branch, family, operation));
  return [
    `### \`${family.family}\`: ${family.title}`,
    sentences.map((text) => `- ${text}`).join('\n'),
    table(header, rows),
  ].join('\n\n');
}

function renderBranch(branch: Branch): string {
  const byHand = branch.byHand.map(({ what, sentence }) => `- ${what}: “${sentence}”`);
  const outside = byHand.length > 0 ? [`### Outside every family, by hand only\n\n${byHand.join('\n')}`] : [];
  const families = branch.families.map((family) => renderFamily(branch, family));
  return [`## \`${branch.target}\``, ...families, ...outside].join('\n\n');
}

/** The whole catalogue as a page of Markdown, the same text for the same tables. */
export function renderCatalog(branches: readonly Branch[]): string {
  return `${[introduction, ...branches.map(renderBranch)].join('\n')}\n`;
}
