/** The one door from the interface to what it shows: every type it draws, by name. */

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
  Anomaly,
  Answer,
  Audits,
  Entry,
  EntryRow,
  Field,
  Figures,
  Filter,
  Ground,
  Integrity,
  Level,
  Masked,
  Office,
  Standing as LogStanding,
  Statistics,
  Thing,
  Unmasking,
} from "../api/oversight";
export type {
  DemoCode,
  DemoPerson,
  Factors,
  OwnDevice,
  OwnSession,
  Person,
  SessionInfo,
  StateName,
  TotpOffer,
} from "../api/schema";
export type {
  CaseHubClient,
  CaseView,
  Constancy,
  DraftComment,
  DraftView,
  FrozenView,
  Line,
  ListedVersion,
  LogView,
  Message,
  RequestView,
  ThreadView,
  Unsent,
  View,
} from "../effects/client";
export type { DirectoryActs, DirectoryRead } from "../effects/directory/acts";
export type { Standing } from "../effects/directory/standing";
export type { NamedView } from "../effects/oversight";
