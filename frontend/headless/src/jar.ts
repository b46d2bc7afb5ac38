/** A cookie jar for one server, kept in the profile so that a restart is not a new sign-in. */

import { readFileSync, renameSync, writeFileSync } from "node:fs";

export class Jar {
  readonly #cookies: Map<string, string>;

  constructor(private readonly file: string) {
    this.#cookies = new Map(Object.entries(read(file)));
  }

  get(name: string): string | null {
    return this.#cookies.get(name) ?? null;
  }

  /** The value of the `Cookie` header. */
  header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Take the `Set-Cookie` headers of an answer; a cookie that is expired at once is removed. */
  take(lines: readonly string[]): void {
    if (lines.length === 0) return;
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const at = pair.indexOf("=");
      if (at < 1) continue;
      const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
      if (gone || pair.slice(at + 1) === '""') this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = JSON.stringify(Object.fromEntries(this.#cookies));
    writeFileSync(`${this.file}.new`, text, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}
