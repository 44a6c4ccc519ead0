/** Ends every switch over a union: a case that was forgotten does not compile, and what slips past the types at run time fails loudly. */
export function assertNever(value: never, what: string): never {
  throw new Error(`Unknown ${what}: ${JSON.stringify(value)}. This is a defect: the case is missing in a switch.`);
}
