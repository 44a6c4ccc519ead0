/** Who has to do something for a request to go on. */
export const OWNERS = ['app', 'approver', 'operator', 'another request', 'upstream', 'nobody'] as const;
export type Owner = (typeof OWNERS)[number];
