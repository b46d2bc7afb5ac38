/** Messages with files of every kind, sound and not, and the bytes that a client would have fetched. */

import type { FileSaid, Line, Sink } from "../../src/ui/client";
import { ascii, gif, joined, jpeg, packed, pdf, png, stream, zeroes, zip } from "../files/samples";

const UTF8 = new TextEncoder();
type Files = Readonly<Record<string, Uint8Array>>;

/** Draws on what is unpacked while it is drawn: 400 MB of zeroes, of which the file says nothing. */
const hidden = () =>
  pdf({
    content: "/X Do",
    objects: [stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /Fl", zeroes(400))],
  });
const made = (): Files => ({
  "acta.pdf": pdf({ pages: ["Primera hoja", "Segunda hoja", "Tercera hoja"] }),
  "con-programa.pdf": pdf({ catalogue: "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>" }),
  "foto.png": png(),
  "mueve.gif": gif({ frames: 3 }),
  "nota.txt": UTF8.encode("Pagar a \u202e5021\u202c hoy.\n<b>no es negrita</b>\n"),
  "doble.pdf": joined(pdf(), zip()),
  "doble.gif": joined(gif(), zip()),
  "enorme.png": png({ width: 40_000, height: 40_000 }),
  "vueltas.pdf": pdf({ objects: [stream("/Filter [/Fl /FlateDecode]", packed(1e6, 2))] }),
  "escondida.pdf": hidden(),
  "rota.jpg": jpeg(),
  "pagina.txt": ascii("<html><script>parent.postMessage(1, '*')</script></html>"),
  "oficio.docm": zip(),
  "acta.pdf.exe": ascii("MZ"),
  "audiencia.mp4": ascii("x"),
});
let known: Files | undefined;

/** Made when first asked for: most screens show none of them. */
function bytes(): Files {
  known ??= made();
  return known;
}

function fileOf(name: string): FileSaid {
  const size = bytes()[name]?.length ?? 0;
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

export function filesPart(): Line[] {
  const names = Object.keys(bytes());
  return [0, 5, 10].map((from, at) => lineOf(names.slice(from, from + 5), at));
}

export async function fetchFile(
  _circle: string,
  _seq: number,
  id: string,
  sink: Sink,
): Promise<void> {
  await sink.write(new Uint8Array(bytes()[id] ?? []));
  await sink.close();
}
