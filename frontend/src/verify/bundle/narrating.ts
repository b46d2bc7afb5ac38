/** A story of the log in sentences: of whichever language, with the words that are handed in. */

import { instant } from "./form";
import type { Detail, Side, Story, Told } from "./retelling";

export type Say = (key: string, args?: Readonly<Record<string, string | number>>) => string;

/** What happened, by the names of retelling.ts; of a later program's act nothing more is known. */
const SENTENCES: Readonly<Record<string, string | undefined>> = {
  opened: "bundle.story.opened",
  saved: "bundle.story.saved",
  screened: "bundle.story.screened",
  ready: "bundle.story.ready",
  entered: "bundle.story.entered",
  left: "bundle.story.left",
  consulted: "bundle.story.consulted",
  answered: "bundle.story.answered",
  unanswered: "bundle.story.unanswered",
  "taken-back": "bundle.story.taken-back",
  papers: "bundle.story.papers",
  reminded: "bundle.story.reminded",
  letter: "bundle.story.letter",
  "home-letter": "bundle.story.home-letter",
  shared: "bundle.story.shared",
  "file-opened": "bundle.story.file-opened",
  proposed: "bundle.story.proposed",
  declined: "bundle.story.declined",
  "ask-changes": "bundle.story.ask-changes",
  authorise: "bundle.story.authorise",
  transmit: "bundle.story.transmit",
  confirm: "bundle.story.confirm",
  acknowledge: "bundle.story.acknowledge",
  "ask-information": "bundle.story.ask-information",
  "give-information": "bundle.story.give-information",
  begin: "bundle.story.begin",
  "answer-part": "bundle.story.answer-part",
  execute: "bundle.story.execute",
  postpone: "bundle.story.postpone",
  resume: "bundle.story.resume",
  return: "bundle.story.return",
  "refuse-part": "bundle.story.refuse-part",
  refuse: "bundle.story.refuse",
  withdraw: "bundle.story.withdraw",
  expire: "bundle.story.expire",
  close: "bundle.story.close",
};
const ABOUT: Readonly<Record<string, string>> = {
  measures: "bundle.story.about.measures",
  urgency: "bundle.story.about.urgency",
  deadline: "bundle.story.about.deadline",
  aside: "bundle.story.about.aside",
  questions: "bundle.story.about.questions",
  term: "bundle.story.about.term",
  outcome: "bundle.story.about.outcome",
  on: "bundle.story.about.on",
  channel: "bundle.story.about.channel",
  language: "bundle.story.about.language",
  agreed: "bundle.story.about.agreed",
  codes: "bundle.story.about.codes",
  use: "bundle.story.about.use",
  terms: "bundle.story.about.terms",
  assets: "bundle.story.about.assets",
  power: "bundle.story.about.power",
  lapsed: "bundle.story.about.lapsed",
  rests: "bundle.story.about.rests",
  rules: "bundle.story.about.rules",
  parts: "bundle.story.about.parts",
  evidence: "bundle.story.about.evidence",
  conditions: "bundle.story.about.conditions",
  accepted: "bundle.story.about.accepted",
  due: "bundle.story.about.due",
  keep: "bundle.story.about.keep",
  proof: "bundle.story.about.proof",
  reminder: "bundle.story.about.reminder",
  days: "bundle.story.about.days",
  step: "bundle.story.about.step",
  files: "bundle.story.about.files",
  act: "bundle.story.about.act",
  reason: "bundle.story.about.reason",
  proposer: "bundle.story.about.proposer",
};
const CONDITIONS = {
  "this-case-only": "move.condition.this-case-only",
  confidential: "move.condition.confidential",
  "return-originals": "move.condition.return-originals",
  "ask-before-other-use": "move.condition.ask-before-other-use",
  "other-in-writing": "move.condition.other-in-writing",
} as const;
/** Codes that have words, by what they are said about; rules, measures and hashes are themselves. */
const CODES: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  urgency: {
    normal: "bundle.story.normal",
    urgent: "bundle.story.urgent",
    danger_to_life: "bundle.story.danger",
  },
  outcome: {
    favourable: "bundle.story.favourable",
    with_changes: "bundle.story.with-changes",
    unlikely: "bundle.story.unlikely",
  },
  questions: {
    offence: "consult.q.offence",
    available: "consult.q.available",
    nexus: "consult.q.nexus",
    authority: "consult.q.authority",
    parallel: "consult.q.parallel",
    assurance: "consult.q.assurance",
    formalities: "consult.q.formalities",
    "without-request": "consult.q.withoutRequest",
  },
  reminder: {
    consultation: "deadline.consultation",
    "request-answer": "deadline.requestAnswer",
    "request-confirmation": "deadline.requestConfirmation",
    "request-deadline": "deadline.requestDeadline",
    "request-execution": "deadline.requestExecution",
    "request-review": "deadline.requestReview",
  },
  act: {
    "answer-part": "move.act.answer-part",
    execute: "move.act.execute",
  },
  reason: {
    "not-done": "second.reason.not-done",
    "not-these-measures": "second.reason.not-these-measures",
    "not-this-evidence": "second.reason.not-this-evidence",
    "not-these-conditions": "second.reason.not-these-conditions",
    "taken-back": "second.reason.taken-back",
  },
  channel: {
    paper: "bundle.story.paper",
    diplomatic: "bundle.story.diplomatic",
    electronic: "bundle.story.electronic",
    interpol: "bundle.story.interpol",
    oral: "bundle.story.oral",
    network: "bundle.story.network",
  },
  codes: {
    "no-longer-needed": "move.code.no-longer-needed",
    "solved-informally": "move.code.solved-informally",
    "obtained-otherwise": "move.code.obtained-otherwise",
    "new-request": "move.code.new-request",
  },
  use: {
    useful: "move.code.useful",
    "partly-useful": "move.code.partly-useful",
    "not-useful": "move.code.not-useful",
    "nothing-received": "move.code.nothing-received",
  },
  terms: {
    "none-possible": "move.terms.none-possible",
    "not-accepted": "move.terms.not-accepted",
    "no-answer": "move.terms.no-answer",
    "rest-accepted": "move.terms.rest-accepted",
  },
  power: {
    statute: "move.power.statute",
    delegation: "move.power.delegation",
    acting: "move.power.acting",
  },
  lapsed: {
    deadline: "move.lapsed.deadline",
    limitation: "move.lapsed.limitation",
    "proceeding-ended": "move.lapsed.proceeding-ended",
  },
  conditions: CONDITIONS,
  accepted: CONDITIONS,
};
const ASSETS: Readonly<Record<string, string | undefined>> = {
  traced: "move.asset.traced",
  frozen: "move.asset.frozen",
  confiscated: "move.asset.confiscated",
  returned: "move.asset.returned",
};
const BANDS: Readonly<Record<string, string | undefined>> = {
  "1": "move.band.1",
  "2": "move.band.2",
  "3": "move.band.3",
  "4": "move.band.4",
};
const GROUND = /^(?:R(?:0[1-9]|1[0-4])|D0[1-8]|P01)$/;

/** Between whom a request goes, as far as the entries say so. */
export function titleOf(story: Story, say: Say, language: string): string {
  const { request, ours, theirs, states } = story;
  const names = states.map((code) => stateName(code, language));
  const between =
    ours !== "" && theirs !== ""
      ? `${stateName(ours, language)} → ${stateName(theirs, language)}`
      : new Intl.ListFormat(language).format(names);
  return say("bundle.story.title", { request, between });
}

/** Every step as a line, with when and in which entry; and what is missing between them. */
export function linesOf(story: Story, say: Say, language: string): string[] {
  const lines = story.steps.flatMap((step, place) => [
    ...story.gaps
      .filter(({ before }) => before === place)
      .map(({ from, to }) => say("bundle.story.gap", { from, to, count: to - from + 1 })),
    lineOf(step, story, say, language),
  ]);
  const { looks } = story;
  return looks === 0 ? lines : [...lines, say("bundle.story.looks", { count: looks })];
}

function lineOf(step: Told, story: Story, say: Say, language: string): string {
  const { what, count, by } = step;
  const key = Object.hasOwn(SENTENCES, what) ? SENTENCES[what] : undefined;
  const version = step.version ?? 0;
  const sentence =
    key === undefined ? say("bundle.story.other", { what }) : say(key, { count, version });
  const line = {
    time: instant(step.time).replace("T", " ").replace("Z", " UTC"),
    index: step.index,
    sentence: [sentence, ...detailsOf(step.details, say, language)].join(
      language === "fr" ? " ; " : "; ",
    ),
  };
  if (step.side === "nobody") return say("bundle.story.nobody", line);
  const state = sideOf(step.side, story, say, language);
  return say("bundle.story.line", { ...line, state, by: by.slice(0, 8) });
}

function sideOf(
  side: Exclude<Side, "nobody">,
  { ours, theirs }: Story,
  say: Say,
  language: string,
): string {
  if (side === "either") return say("bundle.story.either");
  const code = side === "ours" ? ours : theirs;
  if (code !== "") return stateName(code, language);
  return say(side === "ours" ? "bundle.story.ours" : "bundle.story.theirs");
}

function detailsOf(details: readonly Detail[], say: Say, language: string): string[] {
  return details.map(({ about, said }) => {
    const values = said
      .map((code) => wordOf(about, code, say, language))
      .join(about === "questions" ? " / " : ", ");
    return say(ABOUT[about] ?? about, { values });
  });
}

function wordOf(about: string, code: string, say: Say, language: string): string {
  if (about === "codes" && GROUND.test(code)) return `${code} · ${say(`ground.${code}`)}`;
  if (about === "assets") return assetOf(code, say);
  if (about === "language") return languageName(code, language);
  if (about === "evidence" || about === "proof") return `${code.slice(0, 12)}…`;
  if (about === "term") return code.slice(0, 16).replace("T", " ");
  const words = CODES[about];
  const key = words !== undefined && Object.hasOwn(words, code) ? words[code] : undefined;
  return key === undefined ? code : say(key);
}

function assetOf(code: string, say: Say): string {
  const [kind = "", band = ""] = code.split("-");
  const asset = Object.hasOwn(ASSETS, kind) ? ASSETS[kind] : undefined;
  const value = Object.hasOwn(BANDS, band) ? BANDS[band] : undefined;
  if (asset === undefined || value === undefined) return code;
  return say("move.assetIn", { asset: say(asset), band: say(value) });
}

/** Whoever made the log chose these: what is no code is shown as it stands. */
function stateName(code: string, language: string): string {
  return nameOf(code, language, "region");
}

function languageName(code: string, language: string): string {
  return nameOf(code, language, "language");
}

function nameOf(code: string, language: string, type: "region" | "language"): string {
  try {
    return new Intl.DisplayNames([language], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
