/**
 * Binary routes of the host, beside /rpc. Answers always carry Content-Length; GETs accept a single byte range.
 * State-changing calls need the header below, so that no foreign page can make them.
 */
export const REQUEST_HEADER = 'x-lantern-request';

export const blobRoutes = {
  /** GET: scalars, little-endian, i fastest. Ranges. */
  volume: (volumeId: string) => `/blob/volumes/${volumeId}`,
  /** GET: PNG of the middle slice. */
  thumbnail: (seriesId: string) => `/blob/series/${seriesId}/thumbnail.png`,
  /** GET: a labelmap layer as it stands at the history's cursor, 1 or 2 bytes a voxel. Header x-lantern-revision. */
  layer: (segmentationId: string, layer: number) => `/blob/segmentations/${segmentationId}/layers/${layer}`,
  /** GET: how unsure the network was of each voxel, one byte, 0 … 255 for 0 … 1, i fastest. Ranges. Failure segmentation/no-doubt. */
  doubt: (segmentationId: string) => `/blob/segmentations/${segmentationId}/doubt`,
  /** PUT ?revision=N: an edit packet (core/segmentation/editPacket.ts); answers JSON editReceipt once it is on disk. */
  edits: (segmentationId: string) => `/blob/segmentations/${segmentationId}/edits`,
  /**
   * POST ?revision=N: moves the cursor back; answers the edit packet that was undone, receipt in header x-lantern-receipt
   * (URI-encoded JSON). On another revision a conflict: another window's work is not undone unseen.
   */
  undo: (segmentationId: string) => `/blob/segmentations/${segmentationId}/undo`,
  /** POST ?revision=N: moves the cursor forward; answers the edit packet that is to be applied again, receipt as above. */
  redo: (segmentationId: string) => `/blob/segmentations/${segmentationId}/redo`,
  /** GET: the labels of a running job's coarse look, 1 or 2 bytes a voxel, i fastest (Job.coarse says the grid). Failure job/no-coarse-look. */
  coarseLook: (jobId: string) => `/blob/jobs/${jobId}/coarse`,
  /** POST: answers JSON {uploadId}. */
  uploads: () => '/blob/uploads',
  /** DELETE: drops an upload that will not be imported. */
  upload: (uploadId: string) => `/blob/uploads/${uploadId}`,
  /** PUT: one file of an upload; its relative path stands in ?path=. */
  uploadFile: (uploadId: string, path: string) => `/blob/uploads/${uploadId}/files?path=${encodeURIComponent(path)}`,
  /** GET once: the result of an export without a file name. */
  exportResult: (jobId: string) => `/blob/exports/${jobId}`,
  /** GET once: the map of an attention job, uint16, little-endian, i fastest. */
  attention: (jobId: string) => `/blob/explanations/${jobId}`,
} as const;
