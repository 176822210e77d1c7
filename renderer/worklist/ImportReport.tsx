/** How an import went, file by file; stays until it is dismissed. */
import { Button, Group, Modal } from '@mantine/core';
import { useMemo } from 'react';
import type { ImportedFile } from '#contract/schemas/importResult.ts';
import { StatusBadge, type Tone } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import classes from './importReport.module.css';
import { useImportReport } from './importReportStore.ts';

const tones: Record<ImportedFile['status'], Tone> = {
  failed: 'danger',
  ignored: 'warning',
  duplicate: 'neutral',
  imported: 'good',
};
const order = Object.keys(tones) as ImportedFile['status'][];
/** More rows than a person reads; the counts above are of all. */
const MOST_ROWS = 500;

export function ImportReport() {
  const { result, dismiss } = useImportReport();
  const said = words.worklist.report;
  const files = useMemo(
    () =>
      (result?.files ?? [])
        .filter(({ status }) => status !== 'imported')
        .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.path.localeCompare(b.path)),
    [result],
  );
  if (!result) return null;
  return (
    <Modal
      opened
      onClose={dismiss}
      title={result.imported === 0 ? said.nothingNew : said.done}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': words.app.close }}
    >
      <p className={classes['reportSummary']}>{said.summary(result)}</p>
      {files.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        <section className={classes['reportScroll']} aria-label={said.files} tabIndex={0}>
          <table className={classes['report']}>
            <thead>
              <tr>
                <th scope="col">{said.file}</th>
                <th scope="col">{said.outcome}</th>
                <th scope="col">{said.reason}</th>
              </tr>
            </thead>
            <tbody>
              {files.slice(0, MOST_ROWS).map((file) => (
                <tr key={file.path}>
                  <td>{file.path.split(/[/\\]/).slice(-2).join('/')}</td>
                  <td>
                    <StatusBadge tone={tones[file.status]}>{said.status[file.status]}</StatusBadge>
                  </td>
                  <td>{file.reason ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {files.length > MOST_ROWS && <p className={classes['reportMore']}>{said.more(files.length - MOST_ROWS)}</p>}
      <Group justify="flex-end" mt="md">
        <Button onClick={dismiss} data-autofocus>
          {words.app.close}
        </Button>
      </Group>
    </Modal>
  );
}
