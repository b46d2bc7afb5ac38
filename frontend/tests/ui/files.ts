/** Messages with files of every kind, sound and not, and the bytes that a client would have fetched. */

import type { FileSaid, Line, Sink } from "../../src/ui/client";
import { ascii, gif, joined, jpeg, packed, pdf, png, stream, zip } from "../files/samples";

const UTF8 = new TextEncoder();
/** Draws on what is unpacked while it is drawn: 512 MB of zeroes, of which the file says nothing. */
const HIDDEN = pdf({
  content: "/X Do",
  objects: [stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /Fl", packed(4e8, 1))],
});
const BYTES: Readonly<Record<string, Uint8Array>> = {
  "acta.pdf": pdf({ pages: ["Primera hoja", "Segunda hoja", "Tercera hoja"] }),
  "con-programa.pdf": pdf({ catalogue: "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>" }),
  "foto.png": png(),
  "mueve.gif": gif({ frames: 3 }),
  "nota.txt": UTF8.encode("Pagar a \u202e5021\u202c hoy.\n<b>no es negrita</b>\n"),
  "doble.pdf": joined(pdf(), zip()),
  "doble.gif": joined(gif(), zip()),
  "enorme.png": png({ width: 40_000, height: 40_000 }),
  "vueltas.pdf": pdf({ objects: [stream("/Filter [/Fl /FlateDecode]", packed(1e6, 2))] }),
  "escondida.pdf": HIDDEN,
  "rota.jpg": jpeg(),
  "pagina.txt": ascii("<html><script>parent.postMessage(1, '*')</script></html>"),
  "oficio.docm": zip(),
  "acta.pdf.exe": ascii("MZ"),
  "audiencia.mp4": ascii("x"),
};

function fileOf(name: string): FileSaid {
  const size = BYTES[name]?.length ?? 0;
  const rest = { type: "", sha256: "A".repeat(43), sealed: "", key: "", prefix: "" };
  return { id: name, name, size, ...rest };
}

function lineOf(names: readonly string[], at: number): Line {
  const person = at % 2 === 0 ? "p-lo" : "p-rc";
  const message = {
    ...{ id: `f${at}`, seq: at + 1, at: `2026-11-24T15:0${at}:00Z`, person },
    ...{ device: `d-${person}`, mine: false, text: "", status: "received" as const },
    files: names.map(fileOf),
  };
  return { kind: "message", message };
}

const NAMES = Object.keys(BYTES);
export const FILES: Line[] = [0, 5, 10].map((from, at) => lineOf(NAMES.slice(from, from + 5), at));

export async function fetchFile(
  _circle: string,
  _seq: number,
  id: string,
  sink: Sink,
): Promise<void> {
  await sink.write(new Uint8Array(BYTES[id] ?? []));
  await sink.close();
}
