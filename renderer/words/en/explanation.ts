/** English: what a network needed to see for a segment, and its own attention. */
export const explanation = {
  title: 'Why this segment',
  about: 'Shows what the network used. It explains the network, not the patient.',
  segment: 'Segment to explain',
  hide: 'What the network needs to see',
  hideDetail: (sizes: readonly string[], runs: number) =>
    `Hides places of ${sizes.join(', then of ')}, one after another, and looks how much of the segment is left: at most ${runs} runs`,
  attention: (name: string) => `Show “${name}”`,
  time: (duration: string) => `about ${duration} at most`,
  timeUnknown: 'time: known after its first run',
  asking: 'Looking what it would take …',
  impossible: 'This segment cannot be explained.',
  starting: 'Starting',
  progress: (phase: string, done: number, total: number) => (total > 0 ? `${phase}, ${done} of ${total}` : phase),
  progressOf: 'Progress of the explanation',
  cancel: 'Cancel',
  cancelLabel: 'Cancel the explanation',
  show: 'Show the explanation on the slices',
  close: 'Hide the explanation on the slices',
  goTo: 'Go to the strongest place',
  of: (segment: string) => `For ${segment}`,
  saliencyLegend: 'Share of the segment that is lost when this place is hidden',
  saliencyEnds: (percent: string) => ({ against: `${percent} more`, none: '0', for: `${percent} lost` }),
  attentionLegend: (map: string) => `The network’s own map “${map}”`,
  attentionEnds: (lowest: string, highest: string) => ({ lowest, highest }),
  figures: (patches: string, runs: number, sure: string) =>
    `Hidden: ${patches}. ${runs} runs. Before, the network was ${sure} sure of the segment on average.`,
  patches: (list: readonly (readonly [count: number, size: string])[]) =>
    list.map(([count, size]) => `${count} of ${size}`).join(', '),
  millimetres: (mm: string) => `${mm} mm`,
  percent: (share: string) => `${share} %`,
  session: 'Kept until this case is left; not stored.',
} as const;
