/** Something isn't as it should be; the message says what, for people. */
export class DemoFault extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'DemoFault';
  }
}

/** @throws DemoFault with the sentence unless the condition holds. */
export function expectThat(condition: boolean, sentence: string): void {
  if (!condition) throw new DemoFault(sentence);
}
