/** What a log may say of any error: its message may quote what isn't ours to tell. */
export const errorClassOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
