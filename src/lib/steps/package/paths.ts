import type { Content } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';

/** Files by what their bytes are; whatever isn't here is just bytes. */
const EXTENSIONS = new Map([
  ['image/jpeg', 'jpg'],
  ['image/jpg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/bmp', 'bmp'],
  ['image/x-ms-bmp', 'bmp'],
  ['image/tiff', 'tiff'],
  ['image/webp', 'webp'],
  ['application/zip', 'zip'],
  ['application/x-zip-compressed', 'zip'],
  ['application/json', 'json'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['application/onnx', 'onnx'],
  ['application/x-onnx', 'onnx'],
  ['application/pdf', 'pdf'],
]);

/** @param contentType as an answer gave it, parameters and all: it chooses from the table and never spells a path. */
export function extensionOf(contentType: string): string {
  const [type = ''] = contentType.split(';');
  return EXTENSIONS.get(type.trim().toLowerCase()) ?? 'bin';
}

const WORD = /^[a-z0-9][a-z0-9-]*$/;

/** Folder of a task: words of the operator and of the catalogue. @throws Error for anything else: it would be a defect. */
function folderOf({ target, family }: Pick<Task, 'target' | 'family'>): string {
  if (!WORD.test(target) || !WORD.test(family)) throw new Error('A target or a family has a name that is no word.');
  return `${target}/${family}`;
}

export type Owner = Pick<Task, 'target' | 'family'>;

/** @param ordinal of the result within its task, from 1. */
export const documentsPath = (task: Owner, ordinal: number): string =>
  `${folderOf(task)}/documents-${String(ordinal).padStart(4, '0')}.ndjson`;

/** @param ordinal of the result within its task, from 1. */
export const ledgerPath = (task: Owner, ordinal: number): string =>
  `${folderOf(task)}/ledger-${String(ordinal).padStart(4, '0')}.ndjson`;

/** @param page of the report within its task, from 1. */
export const reportPath = (task: Owner, page: number): string =>
  `${folderOf(task)}/report-${String(page).padStart(4, '0')}.html`;

/** A path within the folder of a task, as seen from there. */
export const within = (task: Owner, path: string): string => path.slice(folderOf(task).length + 1);

const DIGEST = /\/([0-9a-f]{32})$/;

/**
 * Path of a content: 32 hex digits of the SHA-256 of its key, as storage names it too. A key names one content, where an item may have
 * several. @throws Error for a content that lies elsewhere.
 */
export function contentPath(task: Owner, content: Content): string {
  const digest = DIGEST.exec(content.blob)?.[1];
  if (digest === undefined) throw new Error('A content does not lie where contents lie.');
  return `${folderOf(task)}/content/${digest}.${extensionOf(content.contentType)}`;
}
