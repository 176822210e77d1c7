/**
 * The little of Markdown that model cards use: headings, paragraphs, lists, tables, blocks of plain text, bold and code. Text stays text:
 * what comes out are words, never HTML, and addresses of links are left out. Shown by ModelCard.tsx.
 */

/** Words of one manner. */
export interface MarkdownSpan {
  readonly text: string;
  readonly manner: 'plain' | 'bold' | 'code';
}
export type MarkdownText = readonly MarkdownSpan[];

export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: MarkdownText }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly MarkdownText[] }
  | {
      readonly kind: 'table';
      readonly head: readonly MarkdownText[] | null;
      readonly rows: readonly (readonly MarkdownText[])[];
    }
  | { readonly kind: 'preformatted'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: MarkdownText };

const HEADING = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const FENCE = /^\s*```/;
const RULE = /^[|\s:-]*-[|\s:-]*$/;

export function readMarkdown(markdown: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  let at = 0;
  /** Lines from here on as long as they belong together. */
  const take = (belongs: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && belongs(lines[at] ?? '')) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = HEADING.exec(line);
    if (line.trim() === '') {
      at++;
    } else if (FENCE.test(line)) {
      at++;
      blocks.push({ kind: 'preformatted', text: take((l) => !FENCE.test(l)).join('\n') });
      at++;
    } else if (heading) {
      at++;
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: spansOf(heading[2] ?? '') });
    } else if (isRow(line)) {
      blocks.push(tableOf(take(isRow)));
    } else if (ITEM.test(line)) {
      blocks.push(listOf(take((l) => l.trim() !== '' && !HEADING.test(l) && !FENCE.test(l))));
    } else {
      const text = take((l) => l.trim() !== '' && !HEADING.test(l) && !FENCE.test(l) && !isRow(l) && !ITEM.test(l));
      blocks.push({ kind: 'paragraph', text: spansOf(text.map((l) => l.trim()).join(' ')) });
    }
  }
  return blocks;
}

function isRow(line: string): boolean {
  return line.trim().startsWith('|');
}

function tableOf(lines: readonly string[]): MarkdownBlock {
  const cells = (row: string): MarkdownText[] =>
    row
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => spansOf(cell.trim()));
  const isRuled = RULE.test(lines[1] ?? '');
  const head = isRuled ? cells(lines[0] ?? '') : null;
  const rows = (isRuled ? lines.slice(2) : lines).map(cells);
  // A table of names and values is written with an empty head.
  return { kind: 'table', head: head?.some((cell) => cell.length > 0) ? head : null, rows };
}

function listOf(lines: readonly string[]): MarkdownBlock {
  const items: string[] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item) items.push(item[2] ?? '');
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return { kind: 'list', ordered: ITEM.exec(lines[0] ?? '')?.[1] !== undefined, items: items.map(spansOf) };
}

function spansOf(text: string): MarkdownText {
  const spans: MarkdownSpan[] = [];
  const add = (words: string, manner: MarkdownSpan['manner']): void => {
    if (words !== '') spans.push({ text: words, manner });
  };
  const withoutLinks = text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  let from = 0;
  for (const mark of withoutLinks.matchAll(/(\*\*|__|`)(.+?)\1/g)) {
    add(withoutLinks.slice(from, mark.index), 'plain');
    add(mark[2] ?? '', mark[1] === '`' ? 'code' : 'bold');
    from = mark.index + mark[0].length;
  }
  add(withoutLinks.slice(from), 'plain');
  return spans;
}
