/**
 * Replaces each `%NAME%` by that app setting, as the genuine host does in queue names, schedules and connections' neighbours.
 * @throws when a setting is missing.
 */
export function resolveSettings(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value: no such app setting`);
    return value;
  });
}
