/** What the host says to a person: warnings, and errors with a next step. */
import { z } from 'zod';

export const warning = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warning>;

export const errorData = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type ErrorData = z.infer<typeof errorData>;
