/** Whether a route value fits; values are text as they stand in the path. */
export type Constraint = (value: string) => boolean;

const inRange = (value: string, least: number, most: number): boolean =>
  /^[+-]?\d+$/.test(value) && Number(value) >= least && Number(value) <= most;

/** ASP.NET Core's inline route constraints (documentation "Routing in ASP.NET Core", route constraint reference). */
const CONSTRAINTS: Readonly<Record<string, (...given: string[]) => Constraint>> = {
  int: () => (value) => inRange(value, -(2 ** 31), 2 ** 31 - 1),
  long: () => (value) => /^[+-]?\d{1,19}$/.test(value),
  bool: () => (value) => /^(true|false)$/i.test(value),
  guid: () => (value) => /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(value),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  decimal: () => isNumber,
  double: () => isNumber,
  float: () => isNumber,
  required: () => (value) => value !== '',
  minlength: (least) => (value) => value.length >= Number(least),
  maxlength: (most) => (value) => value.length <= Number(most),
  length:
    (least, most = least) =>
    (value) =>
      value.length >= Number(least) && value.length <= Number(most),
  min: (least) => (value) => inRange(value, Number(least), Number.POSITIVE_INFINITY),
  max: (most) => (value) => inRange(value, Number.NEGATIVE_INFINITY, Number(most)),
  range: (least, most) => (value) => inRange(value, Number(least), Number(most)),
};

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/**
 * One inline constraint, such as `guid` or `length(1,20)` or `regex(^a+$)`.
 * @throws when the host has no such constraint.
 */
export function parseConstraint(text: string): Constraint {
  const [, name = '', given] = /^([^(]+)(?:\((.*)\))?$/.exec(text) ?? [];
  if (name === 'regex') {
    // Braces are doubled inside a template.
    const pattern = new RegExp((given ?? '').replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
    return (value) => pattern.test(value);
  }
  const make = Object.hasOwn(CONSTRAINTS, name) ? CONSTRAINTS[name] : undefined;
  if (make === undefined) throw new Error(`No route constraint "${text}"`);
  return make(...(given?.split(',').map((part) => part.trim()) ?? []));
}
