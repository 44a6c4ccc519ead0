import type { RequestId } from '../domain/ids.ts';
import type { RecordChange, RequestRecord } from '../domain/request.ts';
import type { Dependencies } from './dependencies.ts';

/** What a rule says of somebody's order: no and why, done before, or the change that carries it out. */
export type Ruling<Refused> = { readonly refused: Refused } | 'repeated' | { readonly change: RecordChange };

export type Ruled<Refused> =
  | Refused
  | { readonly kind: 'missing' }
  | { readonly kind: 'ruled'; readonly record: RequestRecord; readonly isRepeated: boolean };

/**
 * Carries out an order as the rule says. The rule may be asked several times, for the record as it then is, when others change it at the
 * same moment: what it said last counts.
 */
export async function ruleOn<Refused>(
  { records }: Pick<Dependencies, 'records'>,
  requestId: RequestId,
  rule: (record: RequestRecord) => Ruling<Refused>,
): Promise<Ruled<Refused>> {
  let ruling: Ruling<Refused> | undefined;
  const result = await records.change(requestId, (record) => {
    ruling = rule(record);
    return typeof ruling === 'object' && 'change' in ruling ? ruling.change : undefined;
  });
  if (result.kind === 'missing' || ruling === undefined) return { kind: 'missing' };
  if (typeof ruling === 'object' && 'refused' in ruling) return ruling.refused;
  return { kind: 'ruled', record: result.record, isRepeated: ruling === 'repeated' };
}
