import { IDENTIFIERS, type Submission } from '../domain/request.ts';

/**
 * A link under which a list goes on may hold an identifier of the person it was asked for. Stored it has a mark in its place: only the
 * record names the person.
 */
interface Hidden {
  readonly mark: string;
  readonly value: string;
  readonly anyCase: boolean;
}

/** Each identifier as it is, and as it stands percent-encoded in a link. */
function hiddenOf(subject: Submission['subject']): Hidden[] {
  return IDENTIFIERS.flatMap((identifier) => {
    const value = subject[identifier];
    if (value === undefined) return [];
    const encoded = encodeURIComponent(value);
    // Put back as the record writes it: where that could change an opaque token that only happens to hold these letters, case counts.
    const anyCase = identifier === 'objectId' || value.includes('@');
    return [
      { mark: `{subject.${identifier}}`, value, anyCase },
      ...(encoded === value ? [] : [{ mark: `{subject.${identifier}.encoded}`, value: encoded, anyCase }]),
    ];
  });
}

const pattern = ({ value, anyCase }: Hidden): RegExp => new RegExp(RegExp.escape(value), anyCase ? 'gi' : 'g');

/** A cursor as it may be stored: without the person. */
export const withoutPerson = (cursor: string, subject: Submission['subject']): string =>
  hiddenOf(subject).reduce((text, hidden) => text.replace(pattern(hidden), () => hidden.mark), cursor);

/** A stored cursor with the person put back, as the record writes the identifiers. */
export const withPerson = (cursor: string, subject: Submission['subject']): string =>
  hiddenOf(subject).reduceRight((text, { mark, value }) => text.replaceAll(mark, () => value), cursor);
