/** The segmentations of a series with the volume of each segment; accepted ones can be exported from here. */
import { Menu } from '@mantine/core';
import { IconFileExport, IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import type { SeriesSummary } from '#contract/schemas/study.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { errorOf } from '../app/errorOf.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { mlInWords } from '../ui/volumeInWords.ts';
import { exportSegmentation } from '../viewer/panels/exportResult.ts';
import { words } from '../words/index.ts';
import classes from './details.module.css';

const formats = ['dicom-seg', 'nifti', 'nrrd', 'stl', 'pdf'] as const;

export function SegmentationFacts({ series }: { readonly series: SeriesSummary }) {
  const [error, setError] = useState<LanternError | null>(null);
  const said = words.worklist.segmentations;
  const onExport = (segmentation: SegmentationSummary, format: (typeof formats)[number]) => {
    setError(null);
    exportSegmentation({ segmentationId: segmentation.id, format }, segmentation.name).catch((failure) =>
      setError(errorOf(failure)),
    );
  };
  return (
    <PanelSection title={said.title}>
      {series.segmentations.length === 0 && <p className={classes['quiet']}>{said.none}</p>}
      {series.segmentations.map((segmentation) => (
        <article key={segmentation.id} className={classes['segmentation']}>
          <header>
            <h3>{segmentation.name}</h3>
            {segmentation.state === 'proposed' ? (
              <StatusBadge tone="ai" icon={IconSparkles}>
                {words.worklist.states.proposal}
              </StatusBadge>
            ) : (
              <Menu position="bottom-end">
                <Menu.Target>
                  <IconButton icon={IconFileExport} size="small" label={said.exportNamed(segmentation.name)} />
                </Menu.Target>
                <Menu.Dropdown>
                  {formats.map((format) => (
                    <Menu.Item key={format} onClick={() => onExport(segmentation, format)}>
                      {said.formats[format]}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
          </header>
          <ul>
            {segmentation.segments.map(({ number, name, color, volumeMl }) => (
              <li key={number}>
                <span className={classes['swatch']} style={{ background: color }} />
                <span className={classes['segmentName']}>{name}</span>
                <span className={classes['millilitres']}>{said.volume(mlInWords(volumeMl))}</span>
              </li>
            ))}
          </ul>
        </article>
      ))}
      {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
    </PanelSection>
  );
}
