/** English: the editor. */
export const editor = {} as const;
