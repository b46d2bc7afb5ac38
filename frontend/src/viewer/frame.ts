/** The frame's side: it gets one file over one port, and says once whether it is shown. */

import { type Kind, type Note, type Reason, Unsound } from "../files/judge/kinds";
import { locks } from "./locks";
import type { KeyName, Said, Show, Turn } from "./port";

export type Shown = {
  readonly pages: number;
  readonly notes: readonly Note[];
  /** Draw it anew; resolves when that is done. */
  turn(turn: Turn): Promise<void>;
};
export type Shower = (into: HTMLElement, what: Show) => Promise<Shown>;

const PRESSED: Readonly<Record<string, KeyName>> = {
  Escape: "close",
  PageDown: "next",
  PageUp: "previous",
  "+": "larger",
  "-": "smaller",
};

/** Wait for the page's port, and show what comes over it by whoever shows its kind. */
export function stand(showers: Partial<Readonly<Record<Kind, Shower>>>): void {
  addEventListener(
    "message",
    ({ source, ports: [port] }) => {
      if (source !== parent || port === undefined) return;
      const say = (said: Said): void => port.postMessage(said);
      port.onmessage = ({ data }) => {
        port.onmessage = null;
        void open(port, say, showers, data as Show);
      };
      addEventListener("keydown", (event) => pressed(event, say));
      say({ ready: true });
    },
    { once: true },
  );
}

async function open(
  port: MessagePort,
  say: (said: Said) => void,
  showers: Partial<Readonly<Record<Kind, Shower>>>,
  what: Show,
): Promise<void> {
  const into = document.getElementById("app");
  const shower = showers[what.show];
  if (into === null || shower === undefined) {
    say({ refused: "differs" });
    return;
  }
  document.documentElement.lang = what.language;
  document.documentElement.style.colorScheme = what.look;
  const main = document.createElement("main");
  main.tabIndex = 0;
  into.append(main);
  try {
    const shown = await shower(main, what);
    say({ shown: { pages: shown.pages, notes: [...shown.notes] } });
    let last = Promise.resolve();
    port.onmessage = ({ data }) => {
      const turn = data as Turn;
      last = last
        .then(() => shown.turn(turn))
        .then(() => say({ drawn: turn.page }))
        .catch((error) => gone(into, say, error));
    };
  } catch (error) {
    gone(into, say, error);
  }
}

/** Nothing stays of what was not shown. */
function gone(into: HTMLElement, say: (said: Said) => void, error: unknown): void {
  into.replaceChildren();
  say({ refused: reasonOf(error) });
}

function reasonOf(error: unknown): Reason {
  return error instanceof Unsound ? error.reason : "damaged";
}

/** What a key means to the page around the frame; null if nothing. */
function keyOf(event: KeyboardEvent): KeyName | null {
  if (locks(event)) return "lock";
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return PRESSED[event.key] ?? null;
}

function pressed(event: KeyboardEvent, say: (said: Said) => void): void {
  const key = keyOf(event);
  if (key === null) return;
  event.preventDefault();
  say({ key });
}

/** A heading and what it is of, for those who do not see a picture. */
export function described(into: HTMLElement, label: string): HTMLHeadingElement {
  const heading = document.createElement("h1");
  heading.className = "unseen";
  heading.textContent = label;
  into.append(heading);
  return heading;
}
