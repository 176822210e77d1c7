/**
 * Decides what the 3D view shows: listens to the stores, has image and surfaces prepared in a worker, hands them to the scene.
 * Nothing here runs before the image has arrived. Next: preparation.ts, VolumeScene.ts.
 */
import type { Volume } from '#core/volume/volume.ts';
import { useEditor } from '../../editor/segmentationStore.ts';
import { useSurfaces } from '../../editor/surfaceStore.ts';
import { words } from '../../words/index.ts';
import type { ElementSize } from '../slice/useElementSize.ts';
import { useViewer } from '../viewerStore.ts';
import { cameraHands } from './cameraHands.ts';
import { detectGraphics, type Graphics } from './graphics.ts';
import { NO_IMAGE } from './imageProps.ts';
import { Preparation } from './preparation.ts';
import type { PreparedLevel } from './prepareVolume.worker.ts';
import { presetOf, presetsFor } from './presetOf.ts';
import { ProposalSurfaces } from './proposalSurfaces.ts';
import type { SegmentPropsCache } from './segmentProps.ts';
import type { CameraReadout, VolumeScene } from './VolumeScene.ts';
import { effectiveKind, resetVolume3d, useVolume3d } from './volumeStore.ts';

/** Voxels along the longest axis. */
const SOFTWARE_SURFACE_VOXELS = 176;
const SOFTWARE_MOVING_VOXELS = 72;
const SOFTWARE_VOLUME_VOXELS = 128;
const SURFACE_VOXELS = 288;
/** What one 3D texture may take on a graphics processor; vtk.js keeps 4 bytes a voxel at worst. */
const MOST_TEXTURE_VOXELS = 160_000_000;
/** Seen through, as the hatching in the slices is: nobody has accepted it. */
const PROPOSAL_OPACITY = 0.5;

export class VolumeController {
  readonly #view: HTMLElement;
  readonly #container: HTMLElement;
  readonly #onCamera: (camera: CameraReadout) => void;
  readonly #preparation = new Preparation();
  readonly #stops: Array<() => void> = [];
  #scene: VolumeScene | null = null;
  #graphics: Graphics | null = null;
  #size: ElementSize = { width: 0, height: 0, ratio: 1 };
  #segmentProps: { readonly own: SegmentPropsCache; readonly proposal: SegmentPropsCache } | null = null;
  readonly #proposal: ProposalSurfaces;
  #shownKey = '';
  #isDisposed = false;

  constructor(view: HTMLElement, container: HTMLElement, onCamera: (camera: CameraReadout) => void) {
    this.#view = view;
    this.#container = container;
    this.#onCamera = onCamera;
    this.#proposal = new ProposalSurfaces(() => void this.#updateSegments());
    this.#stops.push(
      useViewer.subscribe(() => void this.#update()),
      useSurfaces.subscribe(() => void this.#updateSegments()),
      useEditor.subscribe((now, before) => {
        if (now.current?.content.segments !== before.current?.content.segments) void this.#updateSegments();
      }),
      useVolume3d.subscribe((now, before) => {
        if (now.resets !== before.resets && now.side !== null) this.#scene?.lookFrom(now.side);
        void this.#update();
        if (now.shown !== before.shown) void this.#updateSegments();
      }),
    );
    resetVolume3d();
    void this.#update();
  }

  resize(size: ElementSize): void {
    this.#size = size;
    this.#scene?.resize(size);
  }

  async #update(): Promise<void> {
    const { volume, loading, detail } = useViewer.getState();
    if (volume === null || detail === null || loading.state !== 'ready' || this.#isDisposed) return;
    const settings = useVolume3d.getState();
    if (settings.state === 'no-webgl' || settings.state === 'lost') return;
    this.#graphics ??= detectGraphics();
    if (this.#graphics === null) {
      useVolume3d.setState({ state: 'no-webgl', isSoftware: true });
      return;
    }
    if (settings.isSoftware !== this.#graphics.isSoftware) {
      useVolume3d.setState({ isSoftware: this.#graphics.isSoftware });
      return;
    }
    const preset = presetOf(settings, presetsFor(detail, volume));
    const kind = effectiveKind(settings);
    const key = [detail.volume.id, preset?.id, kind, settings.shown].join('/');
    if (preset === null || key === this.#shownKey) return;
    this.#shownKey = key;
    const isFlat = volume.geometry.size.includes(1);
    if (settings.shown === 'segments' || isFlat) {
      this.#scene?.setImage(NO_IMAGE);
      useVolume3d.setState({ state: 'ready', note: isFlat ? words.viewer.volume.flat : '' });
      return;
    }
    useVolume3d.setState({ state: 'preparing' });
    const [answer, parts] = await Promise.all([
      this.#preparation.prepare(
        volume,
        kind === 'surface' ? this.#surfaceLevels() : [this.#mostVoxels(volume)],
        kind === 'surface' ? preset.surfaces.map(({ value }) => value) : [],
      ),
      import('./vtkParts.ts'),
    ]);
    const scene = await this.#openScene();
    if (answer === null || scene === null || this.#shownKey !== key) return;
    const [fine, coarse] = answer.levels;
    if (fine === undefined) return;
    const actors = (level: PreparedLevel | undefined) =>
      (level?.surfaces ?? []).map((surface, n) =>
        parts.surfaceActor(surface, preset.surfaces[n] ?? { color: '#cccccc', opacity: 1 }),
      );
    scene.setImage(
      kind === 'surface'
        ? { still: actors(fine), moving: actors(coarse), isVolume: false }
        : {
            still: [parts.volumeActor(fine.volume, preset, this.#graphics.isSoftware ? 0.8 : 0.6)],
            moving: [],
            isVolume: true,
          },
    );
    const isNothing = kind === 'surface' && fine.surfaces.every(({ triangles }) => triangles.length === 0);
    useVolume3d.setState({
      state: 'ready',
      note: isNothing ? words.viewer.volume.nothing : this.#note(volume, fine.volume),
    });
  }

  /** Detail at rest and, where a program stands in for the graphics processor, less while moving. */
  #surfaceLevels(): number[] {
    return this.#graphics?.isSoftware === false ? [SURFACE_VOXELS] : [SOFTWARE_SURFACE_VOXELS, SOFTWARE_MOVING_VOXELS];
  }

  #mostVoxels({ geometry }: Volume): number {
    const { isSoftware, max3dTextureSize } = this.#graphics ?? { isSoftware: true, max3dTextureSize: 256 };
    if (isSoftware) return SOFTWARE_VOLUME_VOXELS;
    const [i, j, k] = geometry.size;
    const shrink = Math.cbrt((i * j * k) / MOST_TEXTURE_VOXELS);
    return Math.min(max3dTextureSize, shrink > 1 ? Math.floor(Math.max(i, j, k) / shrink) : Math.max(i, j, k));
  }

  /** What is less than full, in words. */
  #note(full: Volume, shown: Volume): string {
    const w = words.viewer.volume;
    const isVolume = effectiveKind(useVolume3d.getState()) === 'volume';
    if (this.#graphics?.isSoftware) return isVolume ? w.softwareVolume : w.software;
    const isReduced = isVolume && shown.geometry.size.some((n, axis) => n !== full.geometry.size[axis]);
    return isReduced ? w.reduced(shown.geometry.size.join(' × ')) : '';
  }

  /** The segments' surfaces, when they are asked for (the editor's panel) and the view shows segments. */
  async #updateSegments(): Promise<void> {
    const { surfaces, isShown } = useSurfaces.getState();
    const segments = useEditor.getState().current?.content.segments ?? [];
    const isShowing = isShown && useVolume3d.getState().shown !== 'image';
    const isWanted = isShowing && surfaces.length + this.#proposal.surfaces.length > 0;
    if (!isWanted && this.#scene === null) return;
    const scene = await this.#openScene();
    if (scene === null) return;
    const { SegmentPropsCache } = await import('./segmentProps.ts');
    if (this.#isDisposed) return;
    this.#segmentProps ??= { own: new SegmentPropsCache(1), proposal: new SegmentPropsCache(PROPOSAL_OPACITY) };
    const isSoftware = this.#graphics?.isSoftware !== false;
    const own = this.#segmentProps.own.propsOf(isWanted ? surfaces : [], segments, isSoftware);
    const proposed = isWanted ? this.#proposal.surfaces : [];
    const proposal = this.#segmentProps.proposal.propsOf(proposed, this.#proposal.segments, isSoftware);
    scene.setSegments({
      still: [...own.still, ...proposal.still],
      moving: [...own.moving, ...proposal.moving],
    });
    useVolume3d.setState({ hasProposal: proposed.length > 0 });
  }

  async #openScene(): Promise<VolumeScene | null> {
    const { VolumeScene } = await import('./VolumeScene.ts');
    if (this.#isDisposed || this.#graphics === null) return null;
    if (this.#scene === null) {
      const lost = () => useVolume3d.setState({ state: 'lost' });
      this.#scene = new VolumeScene(this.#container, this.#graphics.isSoftware, this.#onCamera, lost);
      this.#scene.resize(this.#size);
      this.#stops.push(cameraHands(this.#view, this.#scene, () => useVolume3d.setState({ side: null })));
    }
    return this.#scene;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const stop of this.#stops) stop();
    this.#proposal.dispose();
    this.#preparation.dispose();
    this.#scene?.dispose();
    this.#scene = null;
  }
}
