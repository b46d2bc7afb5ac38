/** What a file that is only downloaded may do on the device of whoever opens it, by its name. */

import { extensionOf, kindOf } from "./judge/kinds";

/**
 * "program": opening it runs it; "macros": an office file that may carry programs; "archive": what is
 * inside is not known; "page": a page that can pretend to be another one; "office": a document that
 * is not looked at here; "media": sound or film; "unknown".
 */
export type Danger = "program" | "macros" | "archive" | "page" | "office" | "media" | "unknown";

const OF: Readonly<Record<Exclude<Danger, "unknown">, string>> = {
  program:
    "exe msi msp msix appx bat cmd com scr pif cpl dll sys ps1 psm1 vb vbs vbe js jse mjs ws wsf wsh " +
    "hta jar jnlp apk ipa app dmg pkg sh bash zsh command py pyw pl rb php lnk url website desktop " +
    "reg inf scf chm msc xll gadget application deb rpm run appimage bin elf",
  macros:
    "docm dotm doc dot xlsm xltm xlam xlsb xls xlt xla pptm potm ppam ppsm sldm ppt pps pot rtf",
  archive: "zip rar 7z gz tgz tar bz2 xz zst lz lzh ace arj cab iso img vhd vhdx wim z",
  page: "html htm xhtml shtml mht mhtml svg svgz xml xsl xslt webarchive swf",
  office:
    "docx dotx xlsx xltx pptx potx ppsx odt ods odp odg csvx pages numbers key one pub vsdx epub",
  media:
    "mp4 m4v mov avi mkv webm mpg mpeg 3gp mp3 m4a wav ogg opus flac aac amr heic heif avif tif tiff bmp dng",
};
const BY_EXTENSION: ReadonlyMap<string, Danger> = new Map(
  (Object.keys(OF) as Exclude<Danger, "unknown">[]).flatMap((danger) =>
    OF[danger].split(" ").map((extension) => [extension, danger] as const),
  ),
);
/** Before these somebody is asked again; of the others they are told. */
const ASKED: ReadonlySet<Danger> = new Set(["program", "macros", "archive", "page"]);

export function isAsked(danger: Danger): boolean {
  return ASKED.has(danger);
}

/** Null of what may be shown here, by its name. */
export function dangerOf(name: string): Danger | null {
  if (kindOf(name) !== null) return null;
  return BY_EXTENSION.get(extensionOf(name)) ?? "unknown";
}

/**
 * The ending that a name pretends to have before its own: "pdf" of `acta.pdf.exe`; null if it pretends
 * nothing. What is packed by two programs (`.tar.gz`) says so truly.
 */
export function pretended(name: string): string | null {
  const [, inner, outer] = /\.([a-z0-9]{1,5})\s*\.([^.\s]+)\s*$/i.exec(name) ?? [];
  if (inner === undefined || outer === undefined) return null;
  const was = inner.toLowerCase();
  if (BY_EXTENSION.get(outer.toLowerCase()) === "archive") return null;
  if (was === outer.toLowerCase()) return null;
  const isKnown = kindOf(`x.${was}`) !== null || BY_EXTENSION.has(was);
  return isKnown ? was : null;
}
