/** The result of the last import, kept until it is dismissed. Next: ImportReport.tsx. */
import { create } from 'zustand';
import type { ImportResult } from '#contract/schemas/importResult.ts';

interface ImportReportState {
  readonly result: ImportResult | null;
  show(result: ImportResult): void;
  dismiss(): void;
}

export const useImportReport = create<ImportReportState>()((set) => ({
  result: null,
  show: (result) => set({ result }),
  dismiss: () => set({ result: null }),
}));

/** Whether a person has to see the list: something did not come in as it should. */
export function needsReading(result: ImportResult): boolean {
  return result.failed > 0 || result.imported === 0;
}
