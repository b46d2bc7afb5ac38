/** The other tabs of this person on this device: what they wrote, and which of them are there. */

import * as v from "valibot";
import type { Core } from "./core";
import type { Channel } from "./deps";

const message = v.variant("kind", [
  v.object({ kind: v.literal("changed") }),
  v.object({ kind: v.literal("left") }),
  v.object({ kind: v.literal("who") }),
  v.object({ kind: v.literal("here"), tab: v.string() }),
  v.object({ kind: v.literal("gone"), tab: v.string() }),
]);
type Message = v.InferOutput<typeof message>;

export class Tabs {
  readonly #others = new Set<string>();
  readonly #channel: Channel | undefined;

  constructor(
    private readonly core: Core,
    /** `changed`: another tab wrote. `left`: the person signed out there. */
    private readonly events: { changed: () => void; left: () => void },
  ) {
    this.#channel = core.deps.channel?.(`casehub-${core.person}`, (heard) => this.#hear(heard));
    core.vault.watch(() => this.#say({ kind: "changed" }));
    core.isOpenElsewhere = (tab) => this.#others.has(tab);
    this.#say({ kind: "who" });
    this.#say({ kind: "here", tab: core.tab });
  }

  tellLeft(): void {
    this.#say({ kind: "left" });
  }

  close(): void {
    this.#say({ kind: "gone", tab: this.core.tab });
    this.#channel?.close();
  }

  #say(what: Message): void {
    this.#channel?.post(what);
  }

  #hear(heard: unknown): void {
    const parsed = v.safeParse(message, heard);
    if (!parsed.success || this.core.over) return;
    const { output } = parsed;
    if (output.kind === "changed") this.events.changed();
    else if (output.kind === "left") this.events.left();
    else if (output.kind === "who") this.#say({ kind: "here", tab: this.core.tab });
    else if (output.kind === "here") this.#others.add(output.tab);
    else this.#others.delete(output.tab);
  }
}
