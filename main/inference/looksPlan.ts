/**
 * What a person's wish (flips, an ensemble, doubt) comes to for a run: which networks, in which ways, how many in memory together,
 * whether it fits; and what the provenance says of it.
 */
import type { Warning } from '#contract/schemas/messages.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { noProbabilities } from '#core/inference/activate.ts';
import { estimateRunSize } from '#core/inference/estimateRunBytes.ts';
import { areExclusive } from '#core/inference/measureDoubt.ts';
import { planWays } from '#core/inference/planWays.ts';
import type { Volume } from '#core/volume/volume.ts';
import { volumeTooLarge } from './estimateRun.ts';
import type { RunRequest } from './InferenceProcess.ts';
import type { InferenceRequest } from './inferenceRequest.ts';
import type { ModelPack } from './modelPack.ts';

export interface LooksPlan {
  /** The first gives classes, numbers and colours to the result. */
  readonly packs: readonly [ModelPack, ...ModelPack[]];
  readonly order: Omit<RunRequest, 'provider' | 'modalities'>;
  readonly flippedAxes: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * @throws model/ensemble-classes, model/ensemble-grid, model/no-flips, model/no-partner, model/volume-too-large
 */
export function planLooks(
  packs: LooksPlan['packs'],
  {
    volume,
    flips = packs.every(({ manifest }) => manifest.output.mirrorByDefault),
    doubt = 'no',
  }: Pick<InferenceRequest, 'volume' | 'flips' | 'doubt'>,
  ceilingBytes: number,
): LooksPlan {
  const members = packs.flatMap(({ manifest, networks }) => networks.map((network) => ({ manifest, network })));
  const [first, ...further] = members;
  if (!first) throw new Error('a pack without a network');
  const manifests = [first.manifest, ...further.map((m) => m.manifest)] as const;
  const isOfInstances = first.manifest.output.kind === 'instances';
  if (isOfInstances && (flips || members.length > 1)) throw notAveraged(first.manifest.name);
  if (isOfInstances && doubt === 'required') throw noProbabilities();
  const { ways, flippedAxes, warnings } = planWays([...manifests], { flips });
  const looks = { ways: ways.length, hasDoubt: doubt !== 'no' };
  const networksAtOnce = checkMemory(packs, volume, looks, members.length, ceilingBytes);
  return {
    packs,
    order: { members: [first, ...further], ways, networksAtOnce, doubt: isOfInstances ? 'no' : doubt },
    flippedAxes,
    warnings,
  };
}

function notAveraged(name: string): LanternError {
  return new LanternError(
    'model/no-flips',
    `“${name}” finds single things, whose masks cannot be averaged over several looks.`,
    'Run it on its own, without flips.',
  );
}

/** @returns how many networks can be in memory together @throws model/volume-too-large */
function checkMemory(
  packs: LooksPlan['packs'],
  volume: Volume,
  looks: Parameters<typeof estimateRunSize>[2],
  members: number,
  ceilingBytes: number,
): number {
  const sizes = packs.map((pack) => estimateRunSize(pack.manifest, volume.geometry, looks));
  const ownBytes = Math.max(...sizes.map((size) => size.ownBytes));
  const together = packs.reduce((sum, { networks }, n) => sum + networks.length * (sizes[n]?.networkBytes ?? 0), 0);
  const isTiled = sizes.some((size) => size.isTiled);
  const isKnown = packs.every(({ manifest }) => manifest.peakMemoryMb !== null);
  const allFit = ownBytes + together <= ceilingBytes;
  if (allFit && (isTiled || isKnown)) return members;
  const needed = ownBytes + (isTiled ? together : Math.max(...sizes.map((size) => size.networkBytes)));
  // One window is looked at by one network after the other; many windows would load each network many times.
  if (needed <= ceilingBytes) return 1;
  throw volumeTooLarge(packs[0].manifest.name, needed, ceilingBytes, members);
}

/** Absent where a single network looked once. */
export function looksProvenance(
  { packs, order, flippedAxes }: LooksPlan,
  hasDoubt: boolean,
): Pick<Provenance, 'members' | 'flippedAxes' | 'doubt'> {
  const [{ manifest }] = packs;
  return {
    ...(order.members.length > 1 && {
      members: order.members.map((member) => ({
        modelId: member.manifest.id,
        modelName: member.manifest.name,
        modelVersion: member.manifest.version,
        sha256: member.network.sha256,
      })),
    }),
    ...(flippedAxes.length > 0 && { flippedAxes: [...flippedAxes] }),
    ...(hasDoubt && {
      doubt: {
        kind: areExclusive(manifest.output, manifest.classes) ? 'entropy' : 'largest-binary-entropy',
        answers: order.ways.length,
        classes: manifest.classes.length,
      },
    }),
  };
}
