/** One structured event a line. Ids, names of operations and counts only: nothing of a person ever gets here. */
export function writeLog(event: string, facts: Readonly<Record<string, string | number | boolean>>): void {
  console.log(JSON.stringify({ event, ...facts }));
}
