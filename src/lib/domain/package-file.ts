import { editionOfFile, type ManifestName, type VolumeName } from './edition.ts';

/** A file of the package, as it is named in an address. */
export type PackageFile = ManifestName | VolumeName;

export const isPackageFile = (name: string): name is PackageFile => editionOfFile(name) !== undefined;

export const packageFileType = (file: PackageFile): string =>
  file.endsWith('.zip') ? 'application/zip' : 'application/json';
