/** English: the worklist. */
export const worklist = {} as const;
