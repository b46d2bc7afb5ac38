/** Looking at bytes from outside: how they begin, what stands in them. */

export function begins(bytes: Uint8Array, text: string, at = 0): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Latin-1, so that every byte is one character. */
export function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

const HEAD = 1024;
const MARKUP = /<(?:!doctype\s+html|(?:html|head|body|script|svg)[\s>]|\?php)/i;
/** End of central directory of a ZIP, without and with the longest comment (APPNOTE 4.3.16). */
const [ZIP_END, ZIP_COMMENT] = [22, 0xffff] as const;

/** Whether a browser or a person could take them for a page. */
const ALL = 0xffffffff;

export function isPage(bytes: Uint8Array): boolean {
  return MARKUP.test(latin(bytes.subarray(0, 4 * HEAD)));
}

/** Whether a reader of PDF, which looks for its head in the first kilobyte, would open them. */
export function isPdfToo(bytes: Uint8Array): boolean {
  return latin(bytes.subarray(0, HEAD + 8)).includes("%PDF-");
}

/** Whether a program that opens ZIP, JAR or office files, which it reads from the end, would. */
export function isZipToo(bytes: Uint8Array): boolean {
  const last = bytes.length - ZIP_END;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = last; at >= 0 && at >= last - ZIP_COMMENT; at -= 1) {
    if (begins(bytes, "PK\x05\x06", at)) {
      // Where the list of what is inside says that it is; programs do not ask for a comment that fits.
      const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
      // All ones: what is true stands before it (ZIP64).
      if (size === ALL || start === ALL) return true;
      if (size + start <= at || view.getUint16(at + 20, true) === bytes.length - at - ZIP_END) {
        return true;
      }
    }
  }
  return false;
}
