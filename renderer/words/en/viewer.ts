/** English: the viewer. */
export const viewer = {} as const;
