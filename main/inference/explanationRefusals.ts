/** Why a proposal, or a part of it, can't be explained; and what has to be said beside an explanation. */
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelAttention } from '#core/inference/modelManifest.ts';

export function notFromModel(): LanternError {
  return new LanternError(
    'segmentation/not-from-model',
    'This segmentation was not proposed by a network, so there is no network to ask.',
    'Choose a proposal of a model.',
  );
}

export function emptySegment(name: string): LanternError {
  return new LanternError(
    'segmentation/empty-segment',
    `The segment “${name}” has no voxel, so there is nothing to explain.`,
    'Choose another segment.',
  );
}

export function unknownSegment(number: number): LanternError {
  return new LanternError(
    'segmentation/unknown-segment',
    `This segmentation has no segment ${number}.`,
    'Use a number of the list of its segments.',
  );
}

/** @param name of the model */
export function differentNetwork(name: string): LanternError {
  return new LanternError(
    'model/different-network',
    `The network of “${name}” on this machine is not the one that made this proposal: its hash differs.`,
    'Install the version that the proposal names, or run the model again and explain the new proposal.',
  );
}

export function notExplainable(name: string): LanternError {
  return new LanternError(
    'model/not-explainable',
    `This segment does not come from a class of “${name}” that gives each voxel a probability, which an explanation needs.`,
    'Choose a segment that a network for whole series proposed.',
  );
}

export function noAttention(name: string): LanternError {
  return new LanternError(
    'model/no-attention',
    `“${name}” offers no attention map: its manifest names none.`,
    'Ask for occlusion saliency, which needs nothing of the network.',
  );
}

export function noSuchMap(name: string, maps: readonly ModelAttention[]): LanternError {
  return new LanternError(
    'model/no-such-map',
    `“${name}” has no attention map of this name.`,
    `Its maps are ${maps.map((map) => `“${map.name}”`).join(', ')}.`,
  );
}

export function cropped(segment: string, model: string): LanternError {
  return new LanternError(
    'model/segment-cropped',
    `The segment “${segment}” lies outside of what “${model}” reads of this series.`,
    'Choose another segment.',
  );
}

export function explainedAlone(name: string): Warning {
  return {
    code: 'model/explained-alone',
    message: `Several answers were averaged for this proposal; what is explained is one answer, that of the first network of “${name}”, unflipped.`,
  };
}
