/** How the views are arranged, and what lies over them. */
import { Button, Select, Switch } from '@mantine/core';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { isSameLayout, LAYOUTS } from '../layouts.ts';
import { fitViews } from '../viewActions.ts';
import { useViewer } from '../viewerStore.ts';
import classes from './panels.module.css';

export function LayoutSection() {
  const layout = useViewer((state) => state.layout);
  const crosshairShown = useViewer((state) => state.crosshairShown);
  const { setLayout, setCrosshairShown } = useViewer.getState();
  const w = words.viewer.panels;
  return (
    <PanelSection title={w.layout}>
      <Select
        size="xs"
        aria-label={w.layout}
        allowDeselect={false}
        value={LAYOUTS.find((each) => isSameLayout(each.layout, layout))?.id ?? null}
        placeholder={words.viewer.layouts.single[layout.main]}
        data={LAYOUTS.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => {
          const chosen = LAYOUTS.find((each) => each.id === id);
          if (chosen !== undefined) setLayout(chosen.layout);
        }}
      />
      <div className={classes['switches']}>
        <Switch
          label={w.crosshair}
          checked={crosshairShown}
          onChange={(event) => setCrosshairShown(event.currentTarget.checked)}
        />
        <Button variant="default" size="compact-sm" onClick={fitViews}>
          {w.resetViews}
        </Button>
      </div>
    </PanelSection>
  );
}
