/** Pieces of WordprocessingML (ISO/IEC 29500-1, 17), with what people wrote in it as text alone. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids is what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** What turns the order of a line around by itself (UAX #9): its letters, and its controls. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LEFT_TO_RIGHT = "\u200e";

/** A text as the content or an attribute of an element. */
export const escaped = (text: string): string =>
  text
    .replace(FORBIDDEN, " ")
    .replace(LONE, "\ufffd")
    .replace(/[&<>"]/g, (one) => ENTITIES[one] ?? "");

/** Letters that run from right to left move nothing but themselves. */
export const isolated = (text: string): string => {
  const plain = text.replace(TURNING, "");
  return RIGHT_TO_LEFT.test(plain) ? `${LEFT_TO_RIGHT}${plain}${LEFT_TO_RIGHT}` : plain;
};

export type Run = {
  readonly text: string;
  readonly bold?: boolean;
  readonly quiet?: boolean;
  /** Half points. */
  readonly size?: number;
  readonly language?: string;
};

export function run({ text, bold, quiet, size, language }: Run): string {
  const properties = [
    bold ? "<w:b/>" : "",
    quiet ? '<w:i/><w:color w:val="555555"/>' : "",
    size === undefined ? "" : `<w:sz w:val="${size}"/><w:szCs w:val="${size}"/>`,
    language === undefined ? "" : `<w:lang w:val="${escaped(language)}"/>`,
  ].join("");
  const said = escaped(isolated(text)).replace(/\n/g, '</w:t><w:br/><w:t xml:space="preserve">');
  return `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${said}</w:t></w:r>`;
}

export const paragraph = (properties: string, runs: readonly Run[]): string =>
  `<w:p><w:pPr>${properties}</w:pPr>${runs.map(run).join("")}</w:p>`;
