/**
 * The people of one's own State as CSV (RFC 4180), for a spreadsheet: pure.
 *
 * With a byte order mark, without which spreadsheets of Spanish and French offices read UTF-8 as
 * something else. A cell that a spreadsheet would run as a formula begins with an apostrophe.
 */

const FORMULA = /^[=+\-@\t\r\n]/;
const QUOTED = /[",\r\n]/;
const MARK = "\ufeff";

export function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return MARK + [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
