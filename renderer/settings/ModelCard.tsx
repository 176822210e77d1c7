/** A model's card as its makers wrote it. */
import { useMemo } from 'react';
import { type MarkdownBlock, readMarkdown } from './readMarkdown.ts';
import classes from './settings.module.css';

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
      return <h3 data-level={block.level}>{block.text}</h3>;
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <table>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row.join('|')}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no name of their own
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'paragraph':
      return <p>{block.text}</p>;
  }
}
