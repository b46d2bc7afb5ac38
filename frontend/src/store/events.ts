/** What happened to the circle of a thread's readers. */

export type EventKind =
  | "joined"
  | "removed"
  | "created"
  | "device-added"
  | "device-removed"
  | "resynced"
  | "frozen";
