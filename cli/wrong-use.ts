/** What the command line can't do anything with: told as it is, not with a stack. */
export class WrongUse extends Error {}
