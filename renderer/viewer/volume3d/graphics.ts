/** What this machine can draw: WebGL 2 at all, a graphics processor or a program that stands in for one, the largest 3D texture. */
export interface Graphics {
  readonly isSoftware: boolean;
  /** Voxels along one axis. */
  readonly max3dTextureSize: number;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|microsoft basic/i;

/** @returns null without WebGL 2 */
export function detectGraphics(): Graphics | null {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2');
  if (gl === null) return null;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  const max3dTextureSize = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { isSoftware: SOFTWARE.test(renderer), max3dTextureSize };
}
