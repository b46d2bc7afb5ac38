/** What somebody typed as one line, as far as that is only a matter of how it was typed. */
export function asLine(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}
