import { receiptSchema } from '../../domain/receipt.ts';
import { ROLES } from '../../domain/roles.ts';
import { linkOrderSchema, linkSchema, packageSchema } from '../answers.ts';
import type { Description } from '../description.ts';
import { DUE, REQUEST_ID } from '../examples.ts';
import { OF_FILE, OF_LINK, OF_REQUEST } from '../parts.ts';
import { receiptQuerySchema } from '../queries.ts';

const JOSE = 'application/jose';
const FILE_HEADERS = ['ETag', 'Accept-Ranges', 'Content-Disposition'] as const;
const IN_PARTS = ['If-None-Match', 'Range', 'If-Range'] as const;
const UNCHANGED = { description: 'It has not changed.', headers: ['ETag'] } as const;
const part = (media: Readonly<Record<string, string>>) =>
  ({ description: 'A range of its bytes.', headers: [...FILE_HEADERS, 'Content-Range'], media }) as const;

const FILES = { 'application/zip': 'A volume.', 'application/json': 'The manifest, as docs/RECEIPT.md tells.' };
const RECEIPTS = { 'application/json': 'The receipt.', [JOSE]: 'The signed receipt.' };

/** What a request leaves behind. */
export const ACCOUNT_ROUTES = {
  getPackage: {
    method: 'GET',
    path: 'requests/{id}/package',
    tag: 'account',
    summary: 'List the files of the package',
    details: 'That somebody did is a line of the journal.',
    roles: ['Dsr.Submit', 'Dsr.Read'],
    parts: OF_REQUEST,
    answer: {
      status: 200,
      description: 'Volumes and manifest.',
      json: packageSchema,
      example: {
        requestId: REQUEST_ID,
        volumes: [
          {
            name: 'package-001.zip',
            bytes: 272_512,
            sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
            href: `/api/requests/${REQUEST_ID}/package/package-001.zip`,
          },
        ],
        manifest: {
          name: 'manifest.json',
          bytes: 13_100,
          href: `/api/requests/${REQUEST_ID}/package/manifest.json`,
        },
      },
    },
    problems: ['no-request', 'not-sealed', 'no-package', 'package-gone', 'journal-full'],
  },
  downloadPackageFile: {
    method: 'GET',
    path: 'requests/{id}/package/{name}',
    tag: 'account',
    summary: 'Download a file of the package',
    details:
      'Fetch large volumes in ranges. A download is a line of the journal, with all its ranges within ten minutes.',
    roles: ['Dsr.Submit', 'Dsr.Read'],
    parts: OF_FILE,
    headers: IN_PARTS,
    answer: { status: 200, description: 'The whole file.', media: FILES, headers: FILE_HEADERS },
    also: { 206: part(FILES), 304: UNCHANGED },
    problems: [
      'no-request',
      'not-found',
      'not-sealed',
      'no-package',
      'package-gone',
      'journal-full',
      'range-not-satisfiable',
    ],
  },
  issuePackageLink: {
    method: 'POST',
    path: 'requests/{id}/package/{name}/link',
    tag: 'account',
    summary: 'Have a link to a file issued',
    details:
      'It opens this file for some minutes to whoever has it. Where the operator hands out links (`DSR_LINKS`); that one was issued is a line of the journal.',
    roles: ['Dsr.Submit', 'Dsr.Read'],
    parts: OF_FILE,
    body: { schema: linkOrderSchema, mayBeAbsent: true, examples: { 'nothing to choose': {} } },
    answer: {
      status: 201,
      description: 'The link.',
      json: linkSchema,
      headers: ['Location'],
      example: {
        requestId: REQUEST_ID,
        name: 'manifest.json',
        href: `/api/downloads/${OF_LINK.token.example}`,
        expiresAt: DUE,
      },
    },
    problems: ['no-request', 'not-found', 'no-links', 'journal-full', 'not-sealed', 'no-package', 'package-gone'],
  },
  followPackageLink: {
    method: 'GET',
    path: 'downloads/{token}',
    tag: 'account',
    summary: 'Follow a link to a file',
    details:
      'The address is the secret. Each time it is followed is a line of the journal, under the name of who had the link issued.',
    roles: 'anybody',
    parts: OF_LINK,
    headers: IN_PARTS,
    answer: { status: 200, description: 'The whole file.', media: FILES, headers: FILE_HEADERS },
    also: {
      206: part(FILES),
      304: UNCHANGED,
      307: { description: 'It is to be had at storage, for as long as the link.', headers: ['Location'] },
    },
    problems: [
      'not-local',
      'no-link',
      'no-request',
      'no-package',
      'not-sealed',
      'package-gone',
      'journal-full',
      'link-expired',
      'range-not-satisfiable',
      'too-many-requests',
      'internal',
      'unavailable',
    ],
  },
  getReceipt: {
    method: 'GET',
    path: 'requests/{id}/receipt',
    tag: 'account',
    summary: 'Read the receipt',
    details: `The account of an ended request: asked, found, done, proved how, kept and why. Signed for who accepts \`${JOSE}\`; docs/RECEIPT.md tells how to verify it.`,
    roles: ROLES,
    parts: OF_REQUEST,
    query: receiptQuerySchema,
    headers: IN_PARTS,
    answer: {
      status: 200,
      description: 'The receipt.',
      json: receiptSchema,
      media: { [JOSE]: 'The signed receipt: a compact JWS (RFC 7515) over these very bytes.' },
      headers: FILE_HEADERS,
    },
    also: { 206: part(RECEIPTS), 304: UNCHANGED },
    problems: ['no-request', 'not-sealed', 'no-receipt', 'not-signed', 'range-not-satisfiable'],
  },
  getJournal: {
    method: 'GET',
    path: 'requests/{id}/journal',
    tag: 'account',
    summary: 'Read the journal',
    details: `Every move and every read of what was found, with its actor, in lines of JSON; each carries the digest of the line before. For who accepts \`${JOSE}\`: a signed statement of how far it goes now.`,
    roles: ROLES,
    parts: OF_REQUEST,
    answer: {
      status: 200,
      description: 'The lines, or the signed head.',
      media: {
        'application/x-ndjson': 'One line of JSON for each entry.',
        [JOSE]: 'The head: a compact JWS (RFC 7515).',
      },
    },
    problems: ['no-request', 'not-signed'],
  },
} as const satisfies Record<string, Description>;
