/** An export for a court as its PDF shows it: what was found sound, in the words of its language. */

import type { Labelled, Sheet } from "../../documents/marked";
import { sayAny } from "../../documents/words";
import type { Verdict } from "../../verify/court/check";
import type { Known } from "../../verify/court/people";
import { type Row, recordOf } from "../../verify/court/record";
import { headOf, partsOf, purposeIn, type Say, visible } from "../../verify/court/telling";
import type { Language } from "../preferences.svelte";

export type Beside = {
  readonly language: Language;
  /** A person's name, else their id. */
  readonly nameOf: (person: string) => string;
  /** When it is made, in milliseconds. */
  readonly now: number;
};

/** A verdict without findings. */
export async function sheetOf(verdict: Verdict, beside: Beside): Promise<Sheet> {
  const { wish, read, asker, digest, consenter, agreed } = verdict;
  if (wish === null || read === null || asker === null) throw new Error("nothing to write");
  const { language, nameOf, now } = beside;
  const say: Say = (key, args) => sayAny(language, key, args);
  const moment = (ms: number): string => momentIn(language, ms);
  const rows = await recordOf(read.shown, nameOf);
  const { reference, name, first, last } = wish;
  const fact = (label: string, text: string): Labelled => ({ label, text: visible(text) });
  const facts = [
    fact(say("bundle.court.by"), calledIn(asker)),
    fact(say("bundle.court.for"), purposeIn(say, wish.purpose)),
    fact(say("bundle.court.court"), wish.court),
    fact(say("bundle.court.recipient"), wish.recipient),
    fact(say("bundle.court.range"), say("bundle.court.rangeOf", { first, last })),
    fact(
      say("bundle.court.days"),
      `${moment(Date.parse(wish.from))} – ${moment(Date.parse(wish.until))}`,
    ),
    fact(say("bundle.court.counts"), say("bundle.court.countsOf", countsIn(rows))),
    ...(consenter !== null && agreed !== null
      ? [fact(say("bundle.court.consented"), `${calledIn(consenter)}, ${moment(agreed.time)}`)]
      : []),
    fact(say("bundle.court.wish"), digest),
  ];
  const taken = [asker.name, moment(now), purposeIn(say, wish.purpose)];
  return {
    language,
    title: visible([say("bundle.court.title"), reference, name].filter(Boolean).join(" · ")),
    facts,
    notes: [
      say("bundle.court.note.proof"),
      say("bundle.court.note.held"),
      say("bundle.court.note.files"),
    ],
    heading: say("bundle.court.entries"),
    entries: rows.map((row) => ({
      head: visible(
        `#${row.seq} · ${moment(row.at)} · ${row.by ? calledIn(row.by) : say("bundle.court.nobody")}`,
      ),
      what: headOf(row, say),
      parts: partsOf(row, say, moment).map(({ label, text }) => fact(label, text)),
    })),
    mark: visible([...taken, wish.court, wish.recipient].join(" · ")),
    digest,
    at: now,
    page: (number, count) => say("bundle.court.page", { number, count }),
  };
}

const calledIn = ({ name, post, state }: Pick<Known, "name" | "post" | "state">): string =>
  `${name} (${post}, ${state})`;

function countsIn(rows: readonly Row[]): { leaves: number; held: number } {
  const held = rows.filter(({ what }) => what === "held").length;
  const leaves = rows.filter(({ what }) => what !== "held" && what !== "members").length;
  return { leaves, held };
}

const momentIn = (language: Language, ms: number): string =>
  `${new Date(ms).toLocaleString(language, {
    dateStyle: "medium",
    timeStyle: "medium",
    timeZone: "UTC",
  })} UTC`;
