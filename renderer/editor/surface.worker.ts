/** Makes segments' surfaces (LPS mm) off the window's thread. Next: core/meshing/buildSurface.ts. */
import { buildSurface } from '#core/meshing/buildSurface.ts';
import { errorOfWorker } from './operationMessages.ts';
import type { SurfaceAnswer, SurfaceRequest } from './surfaceStore.ts';

addEventListener('message', ({ data }: MessageEvent<SurfaceRequest>) => {
  const { runId, geometry, smoothing, segments } = data;
  for (const { number, labelmap } of segments) {
    try {
      const built = buildSurface(labelmap, number, geometry, { smoothing });
      const { positions, triangles, normals } = built.mesh;
      const transfer = [positions.buffer, triangles.buffer, ...(normals ? [normals.buffer] : [])] as ArrayBuffer[];
      postMessage({ runId, number, built, error: null, isLast: false } satisfies SurfaceAnswer, { transfer });
    } catch (error) {
      const answer = { runId, number, built: null, error: errorOfWorker(error), isLast: false };
      postMessage(answer satisfies SurfaceAnswer);
    }
  }
  postMessage({ runId, number: 0, built: null, error: null, isLast: true } satisfies SurfaceAnswer);
});
