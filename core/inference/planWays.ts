/** From a person's wish (flips, several models) to the ways in which a series is looked at. Next: ways.ts, runModel.ts. */
import type { InferenceWarning } from './inferenceWarning.ts';
import { matchMember } from './matchMembers.ts';
import type { ModelManifest } from './modelManifest.ts';
import { anatomicalAxes, planFlips } from './planFlips.ts';
import type { Way } from './ways.ts';
import { NO_FLIP } from './ways.ts';

export interface WaysPlan {
  readonly ways: readonly Way[];
  /** Axes of the body along which the series is also shown flipped; empty: none. */
  readonly flippedAxes: readonly string[];
  readonly warnings: readonly InferenceWarning[];
}

/**
 * @param members a manifest for each network, the first gives classes and numbers to the result
 * @throws model/ensemble-classes, model/ensemble-grid, model/no-flips, model/no-partner
 */
export function planWays(members: readonly [ModelManifest, ...ModelManifest[]], wish: { flips: boolean }): WaysPlan {
  const [first] = members;
  const warnings = new Map<string, InferenceWarning>();
  const flipped = new Set<string>();
  const ways = members.flatMap((manifest, member): Way[] => {
    const channelOf = matchMember(first, manifest);
    const share = 1 / members.length;
    if (!wish.flips) return [{ member, flip: NO_FLIP, channelOf, weight: share }];
    const plan = planFlips(manifest);
    for (const warning of plan.warnings) warnings.set(warning.message, warning);
    for (const axis of anatomicalAxes(plan.flips, manifest.input.orientation)) flipped.add(axis);
    return plan.flips.map((flip) => ({
      member,
      flip,
      weight: share / plan.flips.length,
      channelOf: channelOf.map((to, c) => (flip[plan.lateralAxis] ? (channelOf[plan.partners[c] ?? c] ?? to) : to)),
    }));
  });
  return { ways, flippedAxes: [...flipped], warnings: [...warnings.values()] };
}
