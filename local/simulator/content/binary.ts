import { contentOf, fillerBytes, type GeneratedContent, pieceBytes } from './content.ts';

/** A file of exactly `bytes` bytes, none included: artifacts and models, whose insides nobody looks at. */
export function binaryContent(file: {
  readonly seed: string;
  readonly bytes: number;
  readonly mediaType: string;
}): GeneratedContent {
  const { seed, bytes, mediaType } = file;
  const lengthOf = (piece: number) => Math.min(pieceBytes, bytes - piece * pieceBytes);
  return contentOf({
    mediaType,
    seed,
    count: Math.ceil(bytes / pieceBytes),
    sizeOf: lengthOf,
    make: (piece) => fillerBytes(seed, piece, lengthOf(piece)),
  });
}
