export const SIGNATURE_ALGORITHMS = ['EdDSA', 'RS256'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** What a signature is about; it stands in the signed header, so that one statement can't be passed off as another. */
export const STATEMENT_TYPES = ['dsr-receipt', 'dsr-journal-head'] as const;
export type StatementType = (typeof STATEMENT_TYPES)[number];

/** The key that signs receipts. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  /** A compact JWS (RFC 7515) over exactly these bytes. */
  sign(bytes: Uint8Array, type: StatementType): Promise<string>;
}
