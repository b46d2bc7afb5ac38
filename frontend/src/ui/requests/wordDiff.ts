/** Two texts compared word by word: the longest common run of words stays, the rest went or came. */

export type Piece = { readonly kind: "same" | "gone" | "new"; readonly text: string };

/** Beyond this many comparisons the middle is shown as gone and new as a whole. */
const MOST = 4_000_000;

/** Words and the white space between them, so that joining them gives the text again. */
const tokens = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];

export function wordDiff(before: string, after: string): Piece[] {
  const [a, b] = [tokens(before), tokens(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
  }
  const head = a.slice(0, start).map((text): Piece => ({ kind: "same", text }));
  const tail = a.slice(a.length - end).map((text): Piece => ({ kind: "same", text }));
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([...head, ...middle, ...tail]);
}

function between(a: readonly string[], b: readonly string[]): Piece[] {
  const piece = (kind: Piece["kind"]) => (text: string) => ({ kind, text });
  if (a.length * b.length > MOST) return [...a.map(piece("gone")), ...b.map(piece("new"))];
  const width = b.length + 1;
  // common[i * width + j]: how many words a[i..] and b[j..] have in common, in order
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && one === other) {
      found.push({ kind: "same", text: one });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: "gone", text: one });
      i += 1;
    } else if (other !== undefined) {
      found.push({ kind: "new", text: other });
      j += 1;
    }
  }
  return found;
}

/** Neighbours of a kind as one; all that went before all that came. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: { kind: Piece["kind"]; text: string }[] = [];
  for (const { kind, text } of pieces) {
    const last = found.at(-1);
    const before = found.at(-2);
    if (last?.kind === kind) last.text += text;
    else if (kind === "gone" && last?.kind === "new") {
      if (before?.kind === "gone") before.text += text;
      else found.splice(-1, 0, { kind, text });
    } else found.push({ kind, text });
  }
  return found;
}
