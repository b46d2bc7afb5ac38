/** The one door from the interface to what it shows: every type it draws, by name. */

export type {
  Agency,
  Consultation,
  Designation,
  DesignationRow,
  DesignationStage,
  DirectoryStanding,
  DraftBody,
  EnrolmentCode,
  Reinstatement,
  RejectionReason,
  Reminders,
  StateNotice,
  StateOffice,
} from "../api/designations";
export type { OwnDevice } from "../api/devices";
export type {
  Card,
  Change,
  Competence,
  CompetenceBody,
  Contact,
  ContactBody,
  Figures as DirectoryFigures,
  Hours,
  OfficeBody,
  OfficeCard,
  OpenedCard,
} from "../api/directory";
export type {
  Dossier,
  DossierRow,
  InformalContact,
  NextMove,
  ProposalRow,
  Said,
  StepWanted,
} from "../api/dossiers";
export { NOTHING_SAID } from "../api/dossiers";
export type { UnreadLetters } from "../api/letters";
export type {
  Anomaly,
  Answer,
  Audits,
  BundleRange,
  Consent,
  Deferral,
  DeferralGround,
  Entry,
  EntryRow,
  Field,
  Figures,
  Filter,
  Ground,
  Integrity,
  Level,
  Masked,
  Naming,
  Office,
  PairPage,
  PairView,
  Standing as LogStanding,
  Statistics,
  Thing,
  Unmasking,
} from "../api/oversight";
export type { ErasedRow, HoldGround, HoldRow, KeepingRow, Retention } from "../api/retention";
export type { Audience } from "../audience";
export type { FileSaid } from "../crypto/content";
export type {
  ActLine,
  Along,
  AltaStep,
  AltaView,
  AskedView,
  AskingView,
  Beside,
  CaseHubClient,
  CaseKnown,
  CaseView,
  Constancy,
  ConsultationView,
  ConsultingActs,
  DemoCode,
  DemoPerson,
  DevicesView,
  Digest,
  DraftComment,
  DraftView,
  ErasedView,
  ExportReason,
  ExportRow,
  Factors,
  FileActs,
  FileFetch,
  FrozenView,
  HistoryRange,
  HistoryShown,
  Invitation,
  Joining,
  JoiningActs,
  JoiningReason,
  KitChecked,
  KitDue,
  KitView,
  LetterheadsView,
  LetterheadView,
  Line,
  ListedDevice,
  ListedVersion,
  LogView,
  Losses,
  MakingView,
  Message,
  NoteActs,
  NoteReason,
  NoteView,
  OwnSession,
  OwnStop,
  Person,
  RequestView,
  RetentionActs,
  SafetyView,
  SessionInfo,
  ShownPerson,
  Sink,
  StateAccess,
  StateName,
  Stopped,
  ThreadEnding,
  ThreadView,
  ToldNote,
  TotpOffer,
  Unsent,
  UnsentNote,
  UploadActs,
  UploadView,
  View,
  WhyHeld,
} from "../effects/client";
export type { Checked } from "../effects/designations/checking";
export type { Said as SaidDesignation } from "../effects/designations/payload";
export type { Prepared } from "../effects/designations/signing";
export type { DirectoryActs, DirectoryRead } from "../effects/directory/acts";
export type { Standing } from "../effects/directory/standing";
export type { Tries } from "../effects/dossiers/acts";
export type { Judged, MoveVerdict } from "../effects/dossiers/judging";
export type {
  LetterForm,
  Letters,
  LetterVerdict,
  ShownLetter,
  StrandedLetter,
} from "../effects/letters/acts";
export type { Completeness } from "../effects/log/complete";
export type { Placed } from "../effects/log/placing";
export type { Wish } from "../effects/outbox";
export type { NamedView } from "../effects/oversight";
export type { Used, Verdict } from "../effects/passing";
export type { Found, Hit } from "../effects/search/desk";
export type { ThreadWords } from "../effects/threadWords";
export type { Call, TakenRecord, WhyRefused } from "../store/said";
