import { crc32, deflateSync } from 'node:zlib';
import { contentOf, fillerBytes, type GeneratedContent, pieceBytes } from './content.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const chunkOverhead = 12;

/** What an image's bytes follow from; `size` is the wish in bytes, small wishes are rounded up to the smallest valid file. */
export interface PictureSource {
  readonly seed: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** A valid PNG of the asked dimensions (one bit a pixel), brought to its size by private ancillary chunks that decoders skip. */
export function pictureContent(source: PictureSource): GeneratedContent {
  const head = Buffer.concat([signature, chunk('IHDR', header(source)), chunk('IDAT', pixels(source))]);
  const end = chunk('IEND', Buffer.alloc(0));
  const fillers = fillerSizes(source.size - head.length - end.length);
  return contentOf({
    mediaType: 'image/png',
    seed: source.seed,
    count: fillers.length + 2,
    sizeOf: (piece) => (piece === 0 ? head.length : (fillers[piece - 1] ?? end.length)),
    make: (piece) => {
      const size = fillers[piece - 1];
      if (piece === 0) return head;
      return size === undefined ? end : chunk('siMu', fillerBytes(source.seed, piece, size - chunkOverhead));
    },
  });
}

/** Chunk sizes, overhead included, that add up to `rest`; the last one takes what would be too little for a chunk of its own. */
function fillerSizes(rest: number): number[] {
  if (rest <= 0) return [];
  const sizes = Array.from({ length: Math.floor(rest / pieceBytes) }, () => pieceBytes);
  const tail = rest % pieceBytes;
  const last = sizes.length - 1;
  if (tail >= chunkOverhead || last < 0) return tail === 0 ? sizes : [...sizes, Math.max(tail, chunkOverhead)];
  sizes[last] = pieceBytes + tail;
  return sizes;
}

function header({ width, height }: PictureSource): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = 1; // bits a sample; colour type, compression, filter and interlace stay 0: greyscale
  return data;
}

function pixels({ seed, width, height }: PictureSource): Buffer {
  const stride = 1 + Math.ceil(width / 8);
  const raw = Buffer.from(fillerBytes(seed, 0, stride * height));
  for (let row = 0; row < height; row += 1) raw[row * stride] = 0; // filter type of the row
  return deflateSync(raw, { level: 0 }); // stored: the same bytes with every zlib
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
