import { describe, expect, it } from 'vitest';
import { type MarkdownText, readMarkdown } from './readMarkdown.ts';

const plain = (text: string): MarkdownText => [{ text, manner: 'plain' }];

describe('readMarkdown', () => {
  it('reads headings, paragraphs and lists, with bold words and code', () => {
    const card = '# Liver\nFinds the **liver** in\nCT.\n\n## Limits\n\n- not for `MR`\n- not for\n  children\n';
    expect(readMarkdown(card)).toEqual([
      { kind: 'heading', level: 1, text: plain('Liver') },
      {
        kind: 'paragraph',
        text: [
          { text: 'Finds the ', manner: 'plain' },
          { text: 'liver', manner: 'bold' },
          { text: ' in CT.', manner: 'plain' },
        ],
      },
      { kind: 'heading', level: 2, text: plain('Limits') },
      {
        kind: 'list',
        ordered: false,
        items: [
          [
            { text: 'not for ', manner: 'plain' },
            { text: 'MR', manner: 'code' },
          ],
          plain('not for children'),
        ],
      },
    ]);
  });

  it('reads tables with their head, and such without one', () => {
    expect(readMarkdown('| organ | Dice |\n|---|---:|\n| liver | 0.95 |')).toEqual([
      { kind: 'table', head: [plain('organ'), plain('Dice')], rows: [[plain('liver'), plain('0.95')]] },
    ]);
    expect(readMarkdown('|  |  |\n| --- | --- |\n| Licence | MIT |')).toEqual([
      { kind: 'table', head: null, rows: [[plain('Licence'), plain('MIT')]] },
    ]);
  });

  it('keeps a licence’s text as it is, marks and all, and an open block to its end', () => {
    expect(readMarkdown('```\nMIT **as is**\n\n# no heading\n```\nend')).toEqual([
      { kind: 'preformatted', text: 'MIT **as is**\n\n# no heading' },
      { kind: 'paragraph', text: plain('end') },
    ]);
    expect(readMarkdown('```\nopen')).toEqual([{ kind: 'preformatted', text: 'open' }]);
  });

  it('numbers a list', () => {
    expect(readMarkdown('1. first\n2. second')).toEqual([
      { kind: 'list', ordered: true, items: [plain('first'), plain('second')] },
    ]);
  });

  it('keeps what looks like HTML as text, and leaves addresses out', () => {
    expect(readMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', text: plain('<img src=x onerror=alert(1)>') },
    ]);
    expect(readMarkdown('[a paper](javascript:alert(1)) ![x](https://example.org/a.png)')).toEqual([
      { kind: 'paragraph', text: plain('a paper) x') },
    ]);
  });

  it('makes nothing of nothing', () => expect(readMarkdown('\n \n')).toEqual([]));
});
