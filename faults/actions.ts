/** What is asked for in a round. The first four are about a Custom Vision resource, the others about Azure ML. */
export const ACTIONS = ['export', 'delete', 'together', 'subject', 'ml-export', 'ml-delete', 'ml-cluster'] as const;
export type Action = (typeof ACTIONS)[number];
