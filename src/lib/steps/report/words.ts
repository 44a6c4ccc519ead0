const NUMBER = new Intl.NumberFormat('en');
const SIZES = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

export const countText = (count: number): string => NUMBER.format(count);

/** `1 item`, `1,200 items`. */
export const manyText = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** A size as people write it; a kB is 1,000 bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return manyText(bytes, 'byte');
  const power = Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${SIZES[power]}`;
}

const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/;

/** A moment in UTC without its seconds; undefined for what isn't one. */
export function momentText(text: string): string | undefined {
  const [, day, time] = MOMENT.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : `${day} ${time} UTC`;
}

/** `lastModified` → `Last modified`; a name that isn't such a word stays as it is. */
export function labelText(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return name;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
