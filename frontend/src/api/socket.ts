/** One WebSocket connection: ticket in, parsed frames out, and a pulse that notices silence. */

import * as v from "valibot";
import { type ClientFrame, type ServerFrame, serverFrame } from "./schema";

/** The part of WebSocket that is used; both the browser's and the `ws` package's fit. */
export type SocketLike = {
  send(text: string): void;
  close(code?: number): void;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: never) => void) | null;
};

export type Timers = { after(ms: number, run: () => void): () => void };

export type SocketDeps = {
  url: string;
  open: (url: string, protocols: string[]) => SocketLike;
  timers: Timers;
};

export type Listener = {
  frame(frame: ServerFrame): void;
  /** Called once. `code` is the WebSocket close code; 4000 when the pulse was lost. */
  closed(code: number): void;
};

export type Connection = {
  /** False when the socket is not open: the frame was not sent. */
  send(frame: ClientFrame): boolean;
  close(): void;
};

const PING_MS = 25_000;
const PONG_MS = 10_000;
const OPENING_MS = 15_000;
const OPEN = 1;
const LOST_PULSE = 4000;

/** Open a socket with a one-time ticket. Every end, also a failed start, is told by `closed`. */
export function connect(deps: SocketDeps, ticket: string, listener: Listener): Connection {
  const socket = deps.open(deps.url, ["casehub.1", `ticket.${ticket}`]);
  let over = false;
  let cancelPulse = deps.timers.after(OPENING_MS, () => end(LOST_PULSE));

  function end(code: number): void {
    if (over) return;
    over = true;
    cancelPulse();
    socket.onmessage = null;
    try {
      socket.close();
    } catch {
      // A socket that never opened may refuse to close; it is dropped either way.
    }
    listener.closed(code);
  }

  function pulse(): void {
    cancelPulse();
    cancelPulse = deps.timers.after(PING_MS, () => {
      send({ type: "ping" });
      cancelPulse = deps.timers.after(PONG_MS, () => end(LOST_PULSE));
    });
  }

  function send(frame: ClientFrame): boolean {
    if (over || socket.readyState !== OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  socket.onopen = () => pulse();
  socket.onmessage = ({ data }) => {
    pulse();
    const frame = parse(data);
    if (frame !== null && !over) listener.frame(frame);
  };
  socket.onclose = ({ code }) => end(code);
  socket.onerror = () => undefined; // onclose follows, with the code
  return { send, close: () => end(1000) };
}

/** Null for a frame of a kind this version does not know: the heads will tell what was missed. */
function parse(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const parsed = v.safeParse(serverFrame, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
