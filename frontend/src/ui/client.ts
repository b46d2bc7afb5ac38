/** The one door from the interface to what it shows: every type it draws, by name. */

export type {
  CaseHubClient,
  CaseView,
  DemoCode,
  DemoPerson,
  DraftComment,
  DraftView,
  Factors,
  Line,
  ListedVersion,
  Message,
  OwnDevice,
  OwnSession,
  Person,
  RequestView,
  SessionInfo,
  StateName,
  ThreadView,
  TotpOffer,
  View,
} from "../effects/client";
