/** A file behind links: its bytes follow from the seed. */
export interface StoredFile {
  readonly seed: string;
  readonly bytes: number;
  readonly mediaType: string;
}
