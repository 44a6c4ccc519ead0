/** What came of a verification, as sentences. */
export interface Findings {
  /** What the files say, whoever wrote them. */
  readonly stated: string[];
  readonly proved: string[];
  /** What was not checked, and what nothing vouches for. */
  readonly open: string[];
  /** What is wrong: cut, edited, swapped, or signed by somebody else. */
  readonly wrong: string[];
}

export const noFindings = (): Findings => ({ stated: [], proved: [], open: [], wrong: [] });
