/** What becomes of an export, and for what it is asked, in words. */

import { PURPOSES, type Purpose } from "../../crypto/exportWish";
import type { Held } from "../../verify/court/form";
import type { ExportReason, ExportRow } from "../client";
import type { Key } from "../words";

export const PURPOSE: Readonly<Record<Purpose, Key>> = {
  trial: "court.purpose.trial",
  investigation: "court.purpose.investigation",
  hearing: "court.purpose.hearing",
  appeal: "court.purpose.appeal",
  other: "court.purpose.other",
};
export { PURPOSES };

export const STEP: Readonly<Record<ExportRow["step"], Key>> = {
  consent: "court.step.consent",
  ready: "court.step.ready",
  made: "court.step.made",
  refused: "court.step.refused",
  lapsed: "court.step.lapsed",
  void: "court.step.void",
};

export const REASON: Readonly<Record<ExportReason, Key>> = {
  "not-needed": "court.reason.notNeeded",
  "too-much": "court.reason.tooMuch",
  "talk-first": "court.reason.talk",
  other: "court.reason.other",
};

export const HELD: Readonly<Record<Held, Key>> = {
  code: "court.held.code",
  quotes: "court.held.quotes",
  carries: "court.held.carries",
  withdrawn: "court.held.withdrawn",
  unsigned: "court.held.unsigned",
  unreadable: "court.held.unreadable",
  beside: "court.held.beside",
  outside: "court.held.outside",
};
