/** English: the app. */
export const app = {} as const;
