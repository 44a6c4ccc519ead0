/** What a caller may do: the app roles of the registration in Entra ID, and the words of the setting CALLERS. */
export const ROLES = ['Dsr.Submit', 'Dsr.Approve', 'Dsr.Read', 'Dsr.Operate'] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);
