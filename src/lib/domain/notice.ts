/**
 * What a listener is told of besides changes of state: something that somebody should know and that isn't a failure. Each is a line of the
 * journal under this very name.
 */
export const NOTICES = ['due-soon', 'late', 'due-extended', 'decision-reminder', 'hold-review', 'escalated'] as const;
export type Notice = (typeof NOTICES)[number];

/** The notice that a journal line's event is, or undefined. */
export const noticeOf = (event: string): Notice | undefined => NOTICES.find((notice) => notice === event);

/** Notices that change a member of OpenDSR's callbacks: `expected_completion_time`. Of the others the standard has nothing to say. */
export const OPEN_DSR_NOTICES: readonly Notice[] = ['due-extended'];
