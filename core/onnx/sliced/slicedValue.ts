/**
 * A 5D value [1, C, D, H, W] of a network, held as one 2D tensor per depth slice and channel part: what the rewriting passes from
 * operator to operator. A concatenation along the channels is just a longer list of parts. Next: sliceNetwork.ts.
 */

/** (D, H, W). */
export type Size3 = readonly [number, number, number];

/**
 * blocked: [1, C, H, W] with C filled up to whole blocks, in the runtime's order [C / block][H][W][block]; the channels that fill up
 * hold finite numbers of no meaning. plain: [1, C, H, W] in the usual order, for fewer channels than a block.
 */
export interface SlicedPart {
  readonly layout: 'blocked' | 'plain';
  readonly channels: number;
  /** Names by depth. */
  readonly slices: readonly string[];
}

/** A single channel as one tensor [1, D, H, W]: its depth can be read as channels of a 2D convolution, without a copy of its own. */
export interface StackPart {
  readonly layout: 'stack';
  readonly channels: 1;
  readonly stack: string;
}

export type ChannelPart = SlicedPart | StackPart;

export interface SlicedValue {
  readonly size: Size3;
  readonly parts: readonly ChannelPart[];
}

export function channelCount({ parts }: SlicedValue): number {
  return parts.reduce((sum, { channels }) => sum + channels, 0);
}

/** What an operator can't do with slices: it then stays as it was, on whole tensors. */
export class NotSliced extends Error {}
