"""What a PDF says, as one would copy it: by the front end's own reader, which is always here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
READ = """
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
const { readFile } = await import("node:fs/promises");
const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
const data = new Uint8Array(await readFile(process.argv[1]));
const pdf = await getDocument({ data, verbosity: 0 }).promise;
for (let number = 1; number <= pdf.numPages; number += 1) {
  const { items } = await (await pdf.getPage(number)).getTextContent();
  console.log(items.map((one) => one.str).join(" "));
}
process.exit(0);
"""


def bare(text: str) -> str:
    """Return a text without its spaces: where a printer puts them is its own business."""
    return re.sub(r"\s+", "", text)


def read(pdf: Path) -> str:
    """Return all that is written on the pages of a PDF, bare."""
    command = ["node", "--input-type=module", "-e", READ, str(pdf.resolve())]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, check=True, timeout=60)
    return bare(done.stdout.decode())
