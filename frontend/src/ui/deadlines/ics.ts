/**
 * Deadlines as a calendar file (RFC 5545): pure.
 *
 * A calendar is read by telephones, assistants and whoever shares it, so it has neutral words alone:
 * no title, no person, no State, no case; of a request the number by which its parties know it. Each
 * event is the last hour before its end, with three alarms.
 */

import type { Deadline } from "../../api/deadlines";
import { shortId } from "../dossiers/asks";

const FOLD = 75; // octets of a line, 3.1
const HOUR_MS = 3_600_000;
const ALARMS = ["P7D", "P3D", "P1D"];
const utf8 = new TextEncoder();

/** `20261124T170000Z`. */
export function stamp(iso: string | number): string {
  return new Date(iso).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Text as 3.3.11 wants it. */
export function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** One content line, cut at 75 octets; no character is cut. */
export function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    const room = parts.length === 0 ? FOLD : FOLD - 1; // a space begins each further one
    if (utf8.encode(part + character).length > room) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].join("\r\n ");
}

/**
 * What is the same of an event whenever the file is made, so that it comes once: of a request its
 * number too, or another that is no longer there would leave its place to it.
 */
function sameOf({ kind, ends, request }: Deadline): string {
  return [kind, stamp(ends), ...(request === null ? [] : [shortId(request)])].join("-");
}

/** `summary` says in words what a deadline is; `now` in milliseconds. */
export function ics(
  deadlines: readonly Deadline[],
  summary: (one: Deadline) => string,
  now: number,
): string {
  const seen = new Map<string, number>();
  // What is over can be late, but nobody is reminded of it any more.
  const ahead = deadlines.filter(({ left }) => left !== null);
  const events = ahead.flatMap((one) => {
    const same = sameOf(one);
    const number = seen.get(same) ?? 0;
    seen.set(same, number + 1);
    const ends = Date.parse(one.ends);
    return [
      "BEGIN:VEVENT",
      `UID:${same}-${number}@casehub`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART:${stamp(ends - HOUR_MS)}`,
      `DTEND:${stamp(ends)}`,
      `SUMMARY:${escaped(summary(one))}`,
      "CLASS:PRIVATE",
      "TRANSP:TRANSPARENT",
      ...ALARMS.flatMap((before) => [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        `DESCRIPTION:${escaped(summary(one))}`,
        `TRIGGER;RELATED=END:-${before}`,
        "END:VALARM",
      ]),
      "END:VEVENT",
    ];
  });
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CaseHub//ES", ...events];
  return [...lines, "END:VCALENDAR"].map((line) => `${folded(line)}\r\n`).join("");
}
