/**
 * The words of a PDF (ISO 32000-2, 7.2 and 7.3): enough of them to find its streams and what they say
 * of themselves. Nothing is unpacked here.
 */

import { Unsound } from "./kinds";

export type Value =
  | { readonly is: "name" | "word"; readonly text: string }
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "string" }
  | { readonly is: "ref" }
  | { readonly is: "array"; readonly items: readonly Value[] }
  | { readonly is: "dict"; readonly entries: readonly (readonly [string, Value])[] };

/** Of containers in containers: what is deeper makes readers run out of stack. */
const DEEPEST = 64;
/** Bytes of a name, a number or a word. */
const LONGEST = 512;

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const OPENING = 0x28;
const CLOSING = 0x29;
const DELIMITER = new Set([0x28, 0x29, 0x3c, 0x3e, 0x5b, 0x5d, 0x7b, 0x7d, 0x2f, 0x25]);

export class Tokens {
  at = 0;
  #depth = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** Told of every name, wherever it stands. */
    private readonly named: (name: string) => void,
  ) {}

  /** The next value or word; null at the end. */
  next(): Value | null {
    this.#skip();
    const byte = this.bytes[this.at];
    if (byte === undefined) return null;
    if (byte === 0x2f) return this.#name();
    if (byte === OPENING) return this.#string();
    if (byte === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.#dict() : this.#hex();
    if (byte === 0x5b) return this.#array();
    if (DELIMITER.has(byte)) throw new Unsound("damaged");
    return this.#word();
  }

  /** Spaces and comments. */
  #skip(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x25) {
        while (this.at < this.bytes.length && !this.#isLineEnd()) this.at += 1;
      } else if (byte !== undefined && SPACE.has(byte)) this.at += 1;
      else return;
    }
  }

  #isLineEnd(): boolean {
    return this.bytes[this.at] === 10 || this.bytes[this.at] === 13;
  }

  /** Up to the next space or delimiter. */
  #run(): string {
    const from = this.at;
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (SPACE.has(byte) || DELIMITER.has(byte)) break;
    }
    if (this.at - from > LONGEST) throw new Unsound("damaged");
    return String.fromCharCode(...this.bytes.subarray(from, this.at));
  }

  #name(): Value {
    this.at += 1;
    const text = this.#run().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    this.named(text);
    return { is: "name", text };
  }

  #string(): Value {
    let open = 0;
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at];
      if (byte === 0x5c) this.at += 1;
      else if (byte === OPENING) open += 1;
      else if (byte === CLOSING) {
        open -= 1;
        if (open > 0) continue;
        this.at += 1;
        return { is: "string" };
      }
    }
    throw new Unsound("damaged");
  }

  #hex(): Value {
    const end = this.bytes.indexOf(0x3e, this.at);
    if (end < 0) throw new Unsound("damaged");
    this.at = end + 1;
    return { is: "string" };
  }

  #word(): Value {
    const text = this.#run();
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)
      ? { is: "number", value: Number(text) }
      : { is: "word", text };
  }

  #array(): Value {
    this.at += 1;
    return { is: "array", items: this.#until(() => this.#takes("]")) };
  }

  #dict(): Value {
    this.at += 2;
    const flat = this.#until(() => this.#takes(">>"));
    const entries: [string, Value][] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const [key, value] = [flat[at], flat[at + 1]];
      if (key?.is !== "name" || value === undefined) throw new Unsound("damaged");
      entries.push([key.text, value]);
    }
    return { is: "dict", entries };
  }

  #takes(mark: string): boolean {
    this.#skip();
    for (let index = 0; index < mark.length; index += 1) {
      if (this.bytes[this.at + index] !== mark.charCodeAt(index)) return false;
    }
    this.at += mark.length;
    return true;
  }

  /** Values up to an end, with `12 0 R` as one. */
  #until(ended: () => boolean): Value[] {
    const found: Value[] = [];
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Unsound("bomb");
    while (!ended()) {
      const value = this.next();
      if (value === null) throw new Unsound("damaged");
      if (value.is === "word" && value.text === "R") {
        found.splice(-2, 2, { is: "ref" });
      } else found.push(value);
    }
    this.#depth -= 1;
    return found;
  }
}
