/**
 * What prompts need of a network: a picture is looked at once, then questions about it are answered quickly. MobileSAM's encoder and
 * decoder are one; the functions in core/prompt do not know how it is run. Coordinates: networkFrame.ts.
 */

/** What is black and what is white for the network, modality units. */
export interface IntensityWindow {
  readonly lower: number;
  readonly upper: number;
}

export interface NetworkQuestion {
  /** Picture coordinates, x and y in turn. */
  readonly coordinates: readonly number[];
  /** One for each pair: 1 inside, 0 outside, 2 upper left and 3 lower right corner of a box. */
  readonly labels: readonly number[];
  /** An earlier answer that this one should resemble; null: none. */
  readonly earlier: Float32Array | null;
}

export interface NetworkAnswer {
  /** 256 × 256, above 0 inside. */
  readonly scores: Float32Array;
  /** The network's own guess of how well its mask fits, about 0 to 1. */
  readonly predictedIou: number;
}

/** A slice that the network has looked at. */
export interface SeenSlice {
  ask(question: NetworkQuestion): Promise<NetworkAnswer>;
}

export interface PromptNetwork {
  /** Looks at the slice in this window, or remembers that it did. */
  look(window: IntensityWindow): Promise<SeenSlice>;
}
