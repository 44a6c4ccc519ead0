/** A file of the package, as it is named in an address. */
export type PackageFile = 'manifest.json' | `package-${string}.zip`;

const FILE = /^(?:manifest\.json|package-[0-9]{3,6}\.zip)$/;
export const isPackageFile = (name: string): name is PackageFile => FILE.test(name);

export const packageFileType = (file: PackageFile): string =>
  file.endsWith('.zip') ? 'application/zip' : 'application/json';
