/** Every change of the schema, oldest first. To add one: a new file beside the others, one line here. */
import { initial } from './0001-initial.ts';
import { doubt } from './0002-doubt.ts';
import { keptAnswers } from './0003-kept-answers.ts';
import type { Migration } from './migration.ts';

export const ALL_MIGRATIONS: readonly Migration[] = [initial, doubt, keptAnswers];
