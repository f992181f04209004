// Globals of the vendored QR code reader, which is a classic script.
declare const ZXingWASM: {
  prepareZXingModule(options: object): Promise<unknown>;
  readBarcodes(picture: ImageData, options: object): Promise<{ text: string }[]>;
};
