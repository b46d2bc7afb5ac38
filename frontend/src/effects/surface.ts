/** Everything that the screen and the headless program may ask of the client. */

import type { DemoCode, DemoPerson } from "../api/schema";
import type { AccountActs } from "./account";
import type { AltaActs } from "./alta";
import type { CaseActs } from "./caseActs";
import type { ConsultingActs } from "./consulting";
import type { DesignationActs } from "./designations/acts";
import type { DeviceActs } from "./devices/acts";
import type { DirectoryActs } from "./directory/acts";
import type { DossierActs } from "./dossiers/acts";
import type { FileActs } from "./files/acts";
import type { FrozenActs } from "./frozen/acts";
import type { JoiningActs } from "./joinings";
import type { LetterActs } from "./letters/acts";
import type { LogActs } from "./log/acts";
import type { LookActs } from "./looks";
import type { MessageActs } from "./messageActs";
import type { NoteActs } from "./notes";
import type { OversightActs } from "./oversight";
import type { RequestActs } from "./requests/acts";
import type { RetentionActs } from "./retention/acts";
import type { SearchActs } from "./search/acts";
import type { StoppingActs } from "./stopping";
import type { ThreadWordActs } from "./threadWords";
import type { Line, View } from "./views";

export interface CaseHubClient
  extends AccountActs,
    AltaActs,
    CaseActs,
    DeviceActs,
    FileActs,
    RequestActs,
    FrozenActs,
    JoiningActs,
    LogActs,
    LookActs,
    MessageActs,
    NoteActs,
    ConsultingActs,
    SearchActs,
    ThreadWordActs {
  view(): View;
  subscribe(listener: (view: View) => void): () => void;
  /** Read the session; when it is full, unlock the store, go online and catch up. */
  start(): Promise<void>;
  readonly signIn: {
    password(account: string, password: string): Promise<void>;
    code(code: string): Promise<void>;
    passkey(): Promise<void>;
    out(): Promise<void>;
    /** Resolves once the server has answered the last `out` of this page; at once if it has. */
    heard(): Promise<void>;
  };
  readonly demo: { people(): Promise<DemoPerson[]>; code(account: string): Promise<DemoCode> };
  readonly designations: DesignationActs;
  readonly directory: DirectoryActs;
  /** Where requests stand between two States, and the next step of one. */
  readonly dossiers: DossierActs;
  readonly letters: LetterActs;
  readonly oversight: OversightActs;
  readonly retention: RetentionActs;
  readonly stopping: StoppingActs;
  /** Somebody is at the page: the session lasts longer. @throws {ApiError} once it is over */
  stayActive(): Promise<void>;
  /** Ask the server how the session stands, e.g. whether another tab kept it awake. */
  askSession(): Promise<void>;
  /** The last lines (500 unless told), oldest first; what waits to be sent at the end. */
  lines(circle: string, window?: { limit?: number; before?: number }): Promise<Line[]>;
  /** Told the last lines now and whenever they change. */
  onLines(circle: string, listener: (lines: Line[]) => void): () => void;
  /** Kept on the device a second after its first unsaved key at the latest. */
  setDraft(circle: string, text: string): void;
  /** Write drafts down now: the page is about to go. */
  saveDrafts(): Promise<void>;
  markRead(circle: string): void;
  /** The browser says that the network came or went. */
  network(online: boolean): void;
  /** Stop without signing out: keys leave the memory, the session stays. */
  close(): Promise<void>;
}
