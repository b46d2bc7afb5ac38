/** The socket's life: runs what state/connection.ts asks for, and hands frames on. */

import { ApiError } from "../api/errors";
import type { ClientFrame, ServerFrame } from "../api/schema";
import type { Connection as Socket } from "../api/socket";
import { type Connection, type Effect, type Event, SESSION_OVER, step } from "../state/connection";
import type { Core } from "./core";

export type LinkEvents = {
  frame(frame: ServerFrame): void;
  changed(): void;
  disconnected(): void;
  sessionOver(): void;
};

export class Link {
  #state: Connection = { kind: "off" };
  #socket: Socket | null = null;
  #cancel: () => void = () => undefined;
  /** Which attempt is current: answers of earlier ones are ignored. */
  #attempt = 0;
  offlineSince: string | null = null;

  constructor(
    private readonly core: Core,
    private readonly events: LinkEvents,
  ) {
    core.post = (frame: ClientFrame) => this.#socket?.send(frame) ?? false;
  }

  get shown(): "online" | "connecting" | "offline" {
    if (this.#state.kind === "online") return "online";
    const first = this.#state.kind === "connecting" && this.#state.failures === 0;
    return first ? "connecting" : "offline";
  }

  start(): void {
    this.#dispatch({ type: "wanted" });
  }

  stop(): void {
    this.#dispatch({ type: "unwanted" });
  }

  /** The session is still good, whatever the server said: try again after a pause. */
  restart(): void {
    if (this.#state.kind !== "off") return;
    this.core.after(this.core.spread(2_000, 6_000), () => this.start());
  }

  /** The network is said to be back: do not wait out the pause. */
  wake(): void {
    this.#dispatch({ type: "wake" });
  }

  /** The network is said to be gone: do not wait for the pulse to notice. */
  drop(): void {
    this.#socket?.close();
  }

  #dispatch(event: Event): void {
    const was = this.#state.kind;
    const [state, effects] = step(this.#state, event, this.core.deps.random.chance());
    this.#state = state;
    if (state.kind === "online") this.offlineSince = null;
    else if (was === "online" || state.kind === "waiting") this.offlineSince ??= this.core.now();
    if (was === "online" && state.kind !== "online") this.events.disconnected();
    for (const effect of effects) this.#run(effect);
    this.events.changed();
  }

  #run(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        void this.#connect();
        return;
      case "disconnect":
        this.#attempt += 1;
        this.#cancel();
        this.#socket?.close();
        this.#socket = null;
        return;
      case "wait":
        this.#cancel = this.core.after(effect.ms, () => this.#dispatch({ type: "wake" }));
        return;
      case "endSession":
        this.events.sessionOver();
        return;
    }
  }

  async #connect(): Promise<void> {
    this.#cancel();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const closed = (code: number) => {
      if (attempt !== this.#attempt) return;
      this.#socket = null;
      this.#dispatch({ type: "closed", code });
    };
    const frame = (received: ServerFrame) => {
      if (attempt !== this.#attempt) return;
      if (received.type === "hello") this.#dispatch({ type: "opened" });
      this.events.frame(received);
    };
    try {
      const socket = await this.core.api.connect({ frame, closed });
      if (attempt === this.#attempt) this.#socket = socket;
      else socket.close();
    } catch (error) {
      const over = error instanceof ApiError && error.status === 401;
      closed(over ? SESSION_OVER : 0);
    }
  }
}
