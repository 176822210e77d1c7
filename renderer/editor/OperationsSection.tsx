/** Operations on the active segment: chosen from core's list, with their parameters; run in the worker, undone like a stroke. */
import { Button, Loader, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { operations } from '#core/segmentation/operations/index.ts';
import type { Operation, Parameter, ParameterValues } from '#core/segmentation/operations/operation.ts';
import { words } from '../words/index.ts';
import { CollapsibleSection } from './CollapsibleSection.tsx';
import classes from './editor.module.css';
import { OverwriteField, TakenNotice } from './OverwriteField.tsx';
import { startOperation, stopOperation, useOperations } from './operationStore.ts';
import { useEditor } from './segmentationStore.ts';

/** Those with a place of their own in the panel are left out. */
const OFFERED = operations.filter(({ id }) => id !== 'threshold' && id !== 'ctBone');

/** They take from the segment alone, so that there is nothing to overwrite. */
const ONLY_REMOVES: ReadonlySet<string> = new Set(['keepLargestIsland', 'removeSmallIslands']);

export function OperationsSection() {
  const [id, setId] = useState(OFFERED[0]?.id ?? '');
  const [values, setValues] = useState<ParameterValues>({});
  const [other, setOther] = useState<string | null>(null);
  const running = useOperations((state) => state.running);
  const changedNothing = useOperations((state) => state.changedNothing);
  const active = useEditor((state) => state.activeSegment);
  const segments = useEditor((state) => state.current?.content.segments);
  const operation = OFFERED.find((each) => each.id === id);
  const others = (segments ?? []).filter(({ number }) => number !== active);
  const w = words.editor.operations;
  if (!operation) return null;
  const isMine = running?.operationId === id;
  return (
    <CollapsibleSection title={w.title}>
      <Select
        size="xs"
        aria-label={w.choose}
        allowDeselect={false}
        value={id}
        data={OFFERED.map((each) => ({ value: each.id, label: each.label }))}
        onChange={(value) => {
          setId(value ?? id);
          setValues({});
        }}
      />
      <p className={classes['quiet']}>{operation.description}</p>
      <Parameters operation={operation} values={values} onChange={setValues} />
      {operation.needsOther && (
        <Select
          size="xs"
          aria-label={w.other}
          placeholder={w.other}
          value={other}
          data={others.map(({ number, name }) => ({ value: String(number), label: name }))}
          onChange={setOther}
        />
      )}
      {!ONLY_REMOVES.has(id) && <OverwriteField />}
      <div className={classes['buttons']}>
        <Button
          size="compact-sm"
          disabled={active === null || running !== null || (operation.needsOther && other === null)}
          onClick={() =>
            void startOperation({
              operationId: id,
              values,
              other: other === null ? null : Number(other),
              isPreview: false,
            })
          }
        >
          {w.apply}
        </Button>
        {isMine && (
          <>
            <Button size="compact-sm" variant="default" onClick={stopOperation}>
              {w.cancel}
            </Button>
            <Loader size={14} aria-label={words.editor.threshold.working(operation.label)} />
          </>
        )}
      </div>
      <TakenNotice ids={[id]} isDone />
      {changedNothing === id && <p className={classes['quiet']}>{w.nothing}</p>}
    </CollapsibleSection>
  );
}

interface ParametersProps {
  readonly operation: Operation;
  readonly values: ParameterValues;
  readonly onChange: (values: ParameterValues) => void;
}

function Parameters({ operation, values, onChange }: ParametersProps) {
  return Object.entries(operation.parameters).map(([id, parameter]) => (
    <div className={classes['row']} key={`${operation.id} ${id}`}>
      <span>{parameter.label}</span>
      <ParameterField
        parameter={parameter}
        value={values[id] ?? parameter.default}
        onChange={(value) => onChange({ ...values, [id]: value })}
      />
    </div>
  ));
}

interface ParameterFieldProps {
  readonly parameter: Parameter;
  readonly value: number | string;
  readonly onChange: (value: number | string) => void;
}

function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  if (parameter.kind === 'choice') {
    return (
      <Select
        size="xs"
        aria-label={parameter.label}
        allowDeselect={false}
        value={String(value)}
        data={[...parameter.choices]}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
      />
    );
  }
  const { label, unit, min, max, step } = parameter;
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      {...{ min, max, step }}
      suffix={unit === '' ? '' : ` ${unit}`}
      value={value}
      onChange={(next) => typeof next === 'number' && onChange(next)}
    />
  );
}
