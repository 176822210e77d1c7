import { describe, expect, it } from 'vitest';
import { readMarkdown } from './readMarkdown.ts';

describe('readMarkdown', () => {
  it('reads headings, paragraphs and lists', () => {
    const card = '# Liver\nFinds the **liver** in\nCT.\n\n## Limits\n\n- not for `MR`\n- not for\n  children\n';
    expect(readMarkdown(card)).toEqual([
      { kind: 'heading', level: 1, text: 'Liver' },
      { kind: 'paragraph', text: 'Finds the liver in CT.' },
      { kind: 'heading', level: 2, text: 'Limits' },
      { kind: 'list', items: ['not for MR', 'not for children'] },
    ]);
  });

  it('reads tables without their rule', () => {
    expect(readMarkdown('| organ | Dice |\n|---|---:|\n| liver | 0.95 |')).toEqual([
      {
        kind: 'table',
        rows: [
          ['organ', 'Dice'],
          ['liver', '0.95'],
        ],
      },
    ]);
  });

  it('keeps what looks like HTML as text', () => {
    expect(readMarkdown('<b>x</b>')).toEqual([{ kind: 'paragraph', text: '<b>x</b>' }]);
  });

  it('makes nothing of nothing', () => expect(readMarkdown('\n \n')).toEqual([]));
});
