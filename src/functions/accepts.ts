/** Whether an `accept` header names a media type and doesn't rule it out with `q=0` (RFC 9110, section 12.5.1). Ranges don't count. */
export function accepts(header: string | null, mediaType: string): boolean {
  return (header ?? '').split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return name === mediaType && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
