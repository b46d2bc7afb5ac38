/** The page's side of a frame that shows a file: nothing that it says is believed further than needed. */

import type { Note, Reason } from "../../files/judge/kinds";
import { heard, type KeyName, type Show, type Turn } from "../../viewer/port";

/** Until the frame's page is there, over a slow line; and until it has drawn something, in ms. */
const [COMES, DRAWS] = [60_000, 20_000] as const;

export const PAGES = {
  pdf: "/static/app/viewer-pdf.html",
  picture: "/static/app/viewer.html",
  text: "/static/app/viewer.html",
} as const;

export type Told = {
  /** Once, and before anything else. */
  shown(what: { pages: number; notes: readonly Note[] }): void;
  /** Once, at most; "late" if it takes too long or leaves its page. Nothing is said after that. */
  refused(why: Reason | "late"): void;
  drawn(page: number): void;
  key(name: KeyName): void;
};
export type Framed = { turn(turn: Turn): void; stop(): void };

/**
 * Hand a file to a frame, over a port of its own: no other window can say that it is shown, and
 * nothing but this frame gets the bytes, which leave this page by that.
 */
export function framed(frame: HTMLIFrameElement, what: Show, told: Told): Framed {
  let state: "coming" | "given" | "shown" | "over" = "coming";
  let port: MessagePort | null = null;
  let timer = setTimeout(late, COMES);
  /** Pages that were asked for and are not drawn; each is answered. */
  let undrawn = 0;

  function within(ms: number | null): void {
    clearTimeout(timer);
    if (ms !== null) timer = setTimeout(late, ms);
  }

  function stop(): void {
    state = "over";
    within(null);
    frame.removeEventListener("load", loaded);
    if (port !== null) port.onmessage = null;
    port?.close();
  }

  function late(): void {
    refuse("late");
  }

  function refuse(why: Reason | "late"): void {
    if (state === "over") return;
    stop();
    told.refused(why);
  }

  function loaded(): void {
    // A second page in it is none that was asked for.
    if (port !== null) {
      refuse("late");
      return;
    }
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => hear(data);
    frame.contentWindow?.postMessage(null, "*", [channel.port2]);
  }

  function hear(data: unknown): void {
    const said = heard(data);
    if (said === null || state === "over") return;
    if ("refused" in said) refuse(said.refused);
    else if ("key" in said) told.key(said.key);
    else if ("ready" in said && state === "coming") {
      state = "given";
      within(DRAWS);
      port?.postMessage(what, [what.bytes.buffer]);
    } else if ("shown" in said && state === "given") {
      state = "shown";
      within(null);
      told.shown(said.shown);
    } else if ("drawn" in said && state === "shown") {
      undrawn = Math.max(0, undrawn - 1);
      within(undrawn > 0 ? DRAWS : null);
      told.drawn(said.drawn);
    }
  }

  frame.addEventListener("load", loaded);
  return {
    stop,
    turn(turn) {
      if (state !== "shown") return;
      undrawn += 1;
      within(DRAWS);
      port?.postMessage(turn);
    },
  };
}
