import { describe, expect, it } from "vitest";
import type { Along } from "../client";
import { Goes } from "./along.svelte";

const court = { codes: ["court" as const] };

/** A composer whose client keeps what it is told, and says so when `written` is called. */
function composer(first: Along = {}) {
  const told: Along[] = [];
  const client = { setAlong: (_circle: string, along: Along) => told.push(along) };
  const goes = new Goes(client as unknown as ConstructorParameters<typeof Goes>[0], "x", first);
  const own = () => goes.along(null, undefined);
  return { goes, told, keep: () => goes.keep(own()), hear: (one: Along) => goes.hear(one, own) };
}

describe("terms that were chosen for what is being written", () => {
  it("stay while the thread changes and they are on their way to the disk", () => {
    const { goes, told, keep, hear } = composer();
    goes.chosen = { handling: court };
    keep();
    hear({});
    expect(goes.chosen).toEqual({ handling: court });
    hear(told[0] ?? {});
    hear({ ...told[0] });
    expect(goes.chosen).toEqual({ handling: court });
  });

  it("are those that another tab chose since", () => {
    const { goes, hear } = composer();
    hear({ handling: court });
    expect(goes.chosen).toEqual({ handling: court });
    hear({});
    expect(goes.chosen).toBeNull();
  });
});
