/** The catalogue of all words that a user sees, one file a feature and one folder a language. */
import { app } from './en/app.ts';
import { doubt } from './en/doubt.ts';
import { editor } from './en/editor.ts';
import { explanation } from './en/explanation.ts';
import { models } from './en/models.ts';
import { prompt } from './en/prompt.ts';
import { settings } from './en/settings.ts';
import { viewer } from './en/viewer.ts';
import { worklist } from './en/worklist.ts';

export const words = { app, doubt, editor, explanation, models, prompt, settings, viewer, worklist } as const;
