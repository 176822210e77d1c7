/** The little of Markdown that model cards use: headings, lists, tables as lines, paragraphs. Text stays text: nothing is HTML. */

export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly rows: ReadonlyArray<readonly string[]> }
  | { readonly kind: 'paragraph'; readonly text: string };

export function readMarkdown(markdown: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  for (const chunk of markdown.replaceAll('\r\n', '\n').split(/\n{2,}|(?=^#{1,6} )/m)) {
    const lines = chunk.split('\n').filter((line) => line.trim() !== '');
    const heading = /^(#{1,6}) +(.*)$/.exec(lines[0] ?? '');
    if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: plain(heading[2] ?? '') });
      lines.shift();
    }
    if (lines.length > 0) blocks.push(blockOf(lines));
  }
  return blocks;
}

function blockOf(lines: readonly string[]): MarkdownBlock {
  if (lines.every((line) => line.trim().startsWith('|'))) {
    const rows = lines.filter((line) => !/^[|\s:-]+$/.test(line));
    return {
      kind: 'table',
      rows: rows.map((row) =>
        row
          .trim()
          .replace(/^\||\|$/g, '')
          .split('|')
          .map(plain),
      ),
    };
  }
  if (/^\s*[-*] /.test(lines[0] ?? '')) {
    const items: string[] = [];
    for (const line of lines) {
      const item = /^\s*[-*] +(.*)$/.exec(line);
      if (item) items.push(item[1] ?? '');
      else items[items.length - 1] += ` ${line.trim()}`;
    }
    return { kind: 'list', items: items.map(plain) };
  }
  return { kind: 'paragraph', text: plain(lines.map((line) => line.trim()).join(' ')) };
}

/** Without the marks for bold, code and links. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.*?)\1/g, '$2')
    .trim();
}
