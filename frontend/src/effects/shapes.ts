/** What the screen and the headless program are handed, by name. */

export type { Digest } from "../api/digest";
export type { ExportReason, ExportRow } from "../api/exports";
export type { NoteReason } from "../api/notes";
export type {
  ErasedRow,
  HoldGround,
  HoldRow,
  KeepingRow,
  Retention,
  ShorteningRow,
} from "../api/retention";
export type {
  DemoCode,
  DemoPerson,
  Factors,
  Joining,
  JoiningReason,
  OwnSession,
  Person,
  SessionInfo,
  StateName,
  Stopped,
  TotpOffer,
} from "../api/schema";
export type { OwnStop, StateAccess } from "../api/stops";
export type { Along } from "../store/along";
export type { ErasedRecord as ErasedView } from "../store/records";
export type { AltaActs, AltaStep, AltaView, Invitation, KitChecked, KitDue, KitView } from "./alta";
export type { CaseKnown } from "./caseload";
export type { ConsultingActs } from "./consulting";
export type { Channel, Deps, Locks, Random, WebAuthn } from "./deps";
export type {
  AskedView,
  AskingView,
  DevicesView,
  ListedDevice,
  Losses,
  ThreadEnding,
} from "./devices/acts";
export type { FileActs, UploadActs } from "./files/acts";
export type { FileFetch, FileSource, Sink, UploadView } from "./files/shapes";
export type { FrozenView, Unsent } from "./frozen/view";
export type { HistoryShown } from "./history/giving";
export type { HistoryRange, WhyHeld } from "./history/offer";
export type { JoiningActs } from "./joinings";
export type { Constancy, LogView } from "./log/acts";
export type { NoteActs, Told as ToldNote } from "./notes";
export type { ConsultationView, NoteView, UnsentNote } from "./noteViews";
export type { Beside, Wish } from "./outbox";
export type { Used, Verdict } from "./passing";
export type { LetterheadsView, LetterheadView, MakingView, ReadyVersion } from "./requests/papers";
export type { Listed as ListedVersion } from "./requests/versions";
export type { DraftComment, DraftView, RequestView } from "./requestViews";
export type { RetentionActs } from "./retention/acts";
export type { CaseHubClient } from "./surface";
export type { SafetyView } from "./verified";
export type { ActLine, CaseView, Line, Message, ShownPerson, ThreadView, View } from "./views";
