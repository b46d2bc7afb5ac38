/**
 * The page in the frame for PDF: its pages drawn on a canvas, and their words for who does not see them.
 *
 * Nothing in a PDF acts here: no script engine is in the page, no form is filled in, no link leads
 * anywhere, nothing embedded is opened; fonts that are not in the file are the device's own.
 */

import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";
import { AnnotationMode, getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";
import * as worker from "pdfjs-dist/legacy/build/pdf.worker.mjs";
import jbig2 from "pdfjs-dist/wasm/jbig2_nowasm_fallback.js";
import openjpeg from "pdfjs-dist/wasm/openjpeg_nowasm_fallback.js";
import { Unsound } from "../files/judge/kinds";
import { judgePdf } from "../files/judge/pdf";
import { MOST_PIXELS } from "../files/judge/pictures";
import { canvasOf, fitting } from "./canvas";
import { described, type Shower, stand } from "./frame";
import type { Turn } from "./port";
import { Room } from "./room";
import "./viewer.css";

const MOST_PAGES = 5_000;
/** Characters of one page that are read aloud. */
const MOST_WORDS = 50_000;
/** A page is 14,400 units long at most (ISO 32000-2, C.2); a unit is 1/72 inch. */
const LONGEST = 14_400;

const DECODERS: Readonly<Record<string, unknown>> = {
  "jbig2_nowasm_fallback.js": { default: jbig2 },
  "openjpeg_nowasm_fallback.js": { default: openjpeg },
};

const room = new Room();
Object.assign(globalThis, {
  pdfjsWorker: worker,
  casehubRoom: room.take,
  casehubDecoder: async (name: string) => DECODERS[name],
});

const pdf: Shower = async (into, { bytes, label }) => {
  const notes = judgePdf(bytes);
  const opened = await openedOf(bytes);
  room.judge();
  if (opened.numPages > MOST_PAGES) throw new Unsound("bomb");
  const turn = async ({ page, zoom, label: named }: Turn): Promise<void> => {
    room.anew();
    const found = await opened.getPage(Math.min(Math.max(1, page), opened.numPages));
    const canvas = await drawn(found, zoom, into.clientWidth, named);
    const words = await wordsOf(found);
    found.cleanup();
    room.judge();
    into.replaceChildren();
    described(into, named);
    const spoken = document.createElement("p");
    spoken.className = "unseen";
    spoken.textContent = words;
    into.append(canvas, spoken);
    scrollTo(0, 0);
  };
  await turn({ page: 1, zoom: 1, label });
  return { pages: opened.numPages, notes, turn };
};

async function openedOf(bytes: Uint8Array<ArrayBuffer>): Promise<PDFDocumentProxy> {
  try {
    return await getDocument({
      data: bytes,
      verbosity: VerbosityLevel.ERRORS,
      enableXfa: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      useWasm: false,
      useWorkerFetch: false,
      useSystemFonts: true,
      maxImageSize: MOST_PIXELS,
      disableAutoFetch: true,
      disableStream: true,
      disableRange: true,
    }).promise;
  } catch (error) {
    const isLocked = error instanceof Error && error.name === "PasswordException";
    room.judge();
    throw new Unsound(isLocked ? "locked" : "damaged");
  }
}

async function drawn(
  page: PDFPageProxy,
  zoom: number,
  width: number,
  label: string,
): Promise<HTMLCanvasElement> {
  const own = page.getViewport({ scale: 1 });
  const [least, most] = [Math.min(own.width, own.height), Math.max(own.width, own.height)];
  if (!(least > 0 && most <= LONGEST * 72)) throw new Unsound("bomb");
  const wanted = (zoom * Math.max(200, width - 16)) / own.width;
  const dots = Math.min(devicePixelRatio, 2);
  const fine = fitting(own.width * wanted * dots, own.height * wanted * dots);
  const viewport = page.getViewport({ scale: wanted * dots * fine });
  const canvas = canvasOf(viewport.width, viewport.height, label);
  canvas.className = "sheet";
  canvas.style.maxWidth = "none";
  // Of the frame, so that it fits also when the window becomes another one.
  canvas.style.width = `${Math.round(zoom * 100)}%`;
  const annotationMode = AnnotationMode.ENABLE;
  await page.render({ canvas, viewport, annotationMode }).promise;
  return canvas;
}

/** What is written on a page, as far as it is text. */
async function wordsOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  let words = "";
  for (const item of items) {
    if (words.length > MOST_WORDS) break;
    if ("str" in item) words += item.hasEOL ? `${item.str}\n` : item.str;
  }
  return words.slice(0, MOST_WORDS);
}

stand({ pdf });
