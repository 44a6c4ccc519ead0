import {
  type AdvanceInput,
  type Next,
  nextSchema,
  type OpenedRound,
  type OpenRoundInput,
  openedRoundSchema,
} from '../domain/run.ts';

/** The activities as orchestrators see them: a typing error in a name, an input or a result does not compile. */
export interface Activities {
  readonly advance: { readonly input: AdvanceInput; readonly output: Next };
  readonly openRound: { readonly input: OpenRoundInput; readonly output: OpenedRound };
}
export type ActivityName = keyof Activities;

/** Results are decoded again on this side of the durable border. */
export const RESULTS: { readonly [Name in ActivityName]: { parse(value: unknown): Activities[Name]['output'] } } = {
  advance: nextSchema,
  openRound: openedRoundSchema,
};
