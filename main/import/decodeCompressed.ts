/** JPEG, JPEG-LS, JPEG 2000, HTJ2K and JPEG XL frames through dcmjs-codecs (libjpeg, CharLS, OpenJPEG as WebAssembly). */
import type { Context, NativeCodecs } from 'dcmjs-codecs';
import type { PixelDescription } from '../../core/dicom/pixelValues.ts';
import type { PixelCoding, TransferSyntax } from '../../core/dicom/transferSyntaxes.ts';
import { LanternError } from '../../core/errors/lanternError.ts';

interface Codecs {
  readonly Context: typeof Context;
  readonly NativeCodecs: typeof NativeCodecs;
}

let codecs: Promise<Codecs> | undefined;

/** The WebAssembly is loaded with the first compressed frame, not before: most files need none. */
function loadCodecs(): Promise<Codecs> {
  codecs ??= import('dcmjs-codecs').then(async (module) => {
    const loaded = ('default' in module ? module.default : module) as Codecs;
    await loaded.NativeCodecs.initializeAsync();
    return loaded;
  });
  return codecs;
}

type Decode = (native: typeof NativeCodecs, context: Context) => Context;

const DECODERS: Partial<Record<PixelCoding, Decode>> = {
  jpeg: (native, context) => native.decodeJpeg(context, { convertColorspaceToRgb: false }),
  'jpeg-ls': (native, context) => native.decodeJpegLs(context),
  'jpeg-2000': (native, context) => native.decodeJpeg2000(context),
  htj2k: (native, context) => native.decodeHtJpeg2000(context),
  'jpeg-xl': (native, context) => native.decodeJpegXl(context),
};

/**
 * @returns little-endian samples of one monochrome frame
 * @throws dicom/unsupported-pixels, dicom/damaged-pixels
 */
export async function decodeCompressed(
  frame: Uint8Array,
  syntax: TransferSyntax,
  description: PixelDescription,
): Promise<Uint8Array> {
  const decode = DECODERS[syntax.pixels];
  if (!decode) {
    throw new LanternError(
      'dicom/unsupported-pixels',
      `Its pixels are compressed in a way that cannot be decoded here (${syntax.name}).`,
      'Export the images again without compression.',
    );
  }
  const loaded = await loadCodecs();
  try {
    const context = new loaded.Context({
      width: description.columns,
      height: description.rows,
      bitsAllocated: description.bitsAllocated,
      bitsStored: description.bitsStored,
      samplesPerPixel: 1,
      pixelRepresentation: description.signed ? 1 : 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      encodedBuffer: frame,
    });
    const decoded = decode(loaded.NativeCodecs, context).getDecodedBuffer();
    if (!decoded) throw new Error('nothing decoded');
    // The codec's memory is its own and is used again for the next frame.
    return decoded.slice();
  } catch (error) {
    throw new LanternError(
      'dicom/damaged-pixels',
      `The compressed pixel data (${syntax.name}) cannot be decoded.`,
      'Copy the file from its source again, or export it without compression.',
      { cause: error },
    );
  }
}
