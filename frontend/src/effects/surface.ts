/** Everything that the screen and the headless program may ask of the client. */

import type { DemoCode, DemoPerson } from "../api/schema";
import type { AccountActs } from "./account";
import type { AltaActs } from "./alta";
import type { DesignationActs } from "./designations/acts";
import type { DeviceActs } from "./devices/acts";
import type { DirectoryActs } from "./directory/acts";
import type { FileActs } from "./files/acts";
import type { FrozenActs } from "./frozen/acts";
import type { JoiningActs } from "./joinings";
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
    DeviceActs,
    FileActs,
    RequestActs,
    FrozenActs,
    JoiningActs,
    LogActs,
    LookActs,
    MessageActs,
    NoteActs,
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
  readonly oversight: OversightActs;
  readonly retention: RetentionActs;
  readonly stopping: StoppingActs;
  /** Somebody is at the page: the session lasts longer. @throws {ApiError} once it is over */
  stayActive(): Promise<void>;
  /** Ask the server how the session stands, e.g. whether another tab kept it awake. */
  askSession(): Promise<void>;
  /**
   * Resolves with the case's id when its group is begun and its title queued. Other States than
   * one's own are proposed; they are in once two others have agreed. `retention`: the class of how
   * long it is kept, the usual one unless told.
   */
  openCase(states: string[], title: string, urgent?: boolean, retention?: string): Promise<string>;
  /** Resolves with the circle. Persons without a device come in when they have one. */
  openThread(caseId: string, name: string, people: string[]): Promise<string>;
  addPerson(caseId: string, person: string, circles: string[]): Promise<void>;
  removePerson(caseId: string, person: string): Promise<void>;
  /** Take a person out of one thread only. */
  removeReader(circle: string, person: string): Promise<void>;
  /** Give a case its first title, or another. */
  nameCase(caseId: string, title: string): Promise<void>;
  nameThread(circle: string, name: string): Promise<void>;
  /** Renew this device's keys in a thread now. */
  renewKeys(circle: string): Promise<void>;
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
