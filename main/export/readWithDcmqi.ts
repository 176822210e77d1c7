/**
 * For tests, a program of its own because dcmqi talks on standard output: `FILE MASK META` reads a DICOM SEG and writes the label
 * image's int16 values into MASK, its grid and the segments' attributes as JSON into META.
 */
import { writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { readSegmentationNode } from '@itk-wasm/dicom';

interface DcmqiSegment {
  readonly labelID: number;
  readonly SegmentLabel: string;
  readonly SegmentedPropertyTypeCodeSequence: { readonly CodeValue: string; readonly CodingSchemeDesignator: string };
}

/** What is in META. */
export interface DcmqiReading {
  readonly size: readonly number[];
  readonly origin: readonly number[];
  readonly segments: readonly DcmqiSegment[];
}

const [file = '', mask = '', meta = ''] = argv.slice(2);
const { segImage, metaInfo } = await readSegmentationNode(file);
const { size, origin, data } = segImage;
if (!data) throw new Error('dcmqi read no voxels');
writeFileSync(mask, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
const { segmentAttributes } = metaInfo as unknown as { segmentAttributes: DcmqiSegment[][] };
writeFileSync(meta, JSON.stringify({ size, origin, segments: segmentAttributes.flat() } satisfies DcmqiReading));
exit(0);
