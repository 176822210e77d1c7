/** A model's card as its makers wrote it, as words and tables; nothing in it becomes HTML, a link or a picture. */
import { useMemo } from 'react';
import classes from './models.module.css';
import { type MarkdownBlock, type MarkdownText, readMarkdown } from './readMarkdown.ts';

export function ModelCard({ markdown }: { readonly markdown: string }) {
  const blocks = useMemo(() => readMarkdown(markdown), [markdown]);
  return (
    <div className={classes['card']}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the card never changes while it is shown
        <Block key={index} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'heading':
      return (
        <h3 data-level={block.level}>
          <Words text={block.text} />
        </h3>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <li key={n}>
              <Words text={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <Table {...block} />;
    case 'preformatted':
      return <pre>{block.text}</pre>;
    case 'paragraph':
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
  }
}

function Table({ head, rows }: Extract<MarkdownBlock, { kind: 'table' }>) {
  return (
    <div className={classes['cardTable']}>
      <table>
        {head && (
          <thead>
            <tr>
              {head.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no name of their own
                <th key={column} scope="col">
                  <Words text={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <tr key={n}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column}>
                  <Words text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Words({ text }: { readonly text: MarkdownText }) {
  return text.map(({ text: words, manner }, n) => {
    const Tag = manner === 'bold' ? 'strong' : manner === 'code' ? 'code' : null;
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    return Tag ? <Tag key={n}>{words}</Tag> : words;
  });
}
