/** Headers that routes look at. */
export const REQUEST_HEADERS = {
  'Idempotency-Key': {
    description:
      'A word of the caller’s for this very request: the same again gives the same request, with another body it is refused.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    example: 'case-4711',
  },
  'If-None-Match': {
    description: 'ETags that the caller has: a document that has not changed is not sent again.',
    schema: { type: 'string' },
    example: '"5f0c7b1e"',
  },
  Range: {
    description: 'One range of bytes (RFC 9110, section 14.2).',
    schema: { type: 'string' },
    example: 'bytes=0-1048575',
  },
  'If-Range': {
    description: 'The ETag for which the range is meant; the whole file comes where that is another by now.',
    schema: { type: 'string' },
    example: '"5f0c7b1e"',
  },
} as const;
export type RequestHeader = keyof typeof REQUEST_HEADERS;

const text = { type: 'string' } as const;

/** Headers of answers that tell something about this very answer; those of every answer are in docs/SECURITY.md. */
export const ANSWER_HEADERS = {
  Location: { description: 'Where what was made is.', schema: text },
  'Retry-After': { description: 'Seconds after which to look again.', schema: { type: 'integer', minimum: 1 } },
  ETag: { description: 'Names this very content.', schema: text },
  'Content-Range': { description: 'Which bytes these are, of how many.', schema: text },
  'Content-Disposition': { description: 'The name of the file.', schema: text },
  'Accept-Ranges': { description: 'Ranges of bytes are answered.', schema: { type: 'string', const: 'bytes' } },
  'WWW-Authenticate': { description: 'What is missing (RFC 6750, section 3).', schema: text },
  'X-OpenDSR-Processor-Domain': { description: 'Who answers.', schema: text },
  'X-OpenDSR-Signature': { description: 'Signature over the bytes of the body, in base64.', schema: text },
  'X-OpenGDPR-Processor-Domain': { description: 'Who answers.', schema: text },
  'X-OpenGDPR-Signature': { description: 'Signature over the bytes of the body, in base64.', schema: text },
} as const;
export type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** What `Idempotency-Key` may be. */
export const IDEMPOTENCY_KEY = new RegExp(REQUEST_HEADERS['Idempotency-Key'].schema.pattern);
