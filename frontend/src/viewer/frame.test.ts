// @vitest-environment happy-dom
/** What the frame tells the page around it of the keys that are pressed in it. */

import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stand } from "./frame";
import { heard, type Said } from "./port";

const said: Said[] = [];
beforeAll(() => {
  stand({});
  const port = {
    onmessage: null,
    postMessage: (data: unknown) => {
      const one = heard(data);
      if (one !== null) said.push(one);
    },
  };
  const begun = new Event("message");
  dispatchEvent(Object.assign(begun, { source: window.parent, ports: [port] }));
});
beforeEach(() => {
  said.length = 0;
});

function press(key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...held });
  dispatchEvent(event);
  return event;
}

describe("a key that is pressed in the frame", () => {
  it("locks the page by the same chord as on the page, whatever letter Alt makes of it", () => {
    const event = press("Ò", { code: "KeyL", altKey: true, shiftKey: true });
    expect(said).toEqual([{ key: "lock" }]);
    expect(event.defaultPrevented).toBe(true);
  });

  it("closes, turns and sizes by single keys", () => {
    for (const key of ["Escape", "PageDown", "PageUp", "+", "-"]) press(key);
    expect(said.map((one) => ("key" in one ? one.key : ""))).toEqual([
      ...["close", "next", "previous", "larger", "smaller"],
    ]);
  });

  it.each([
    ["l", {}],
    ["L", { code: "KeyL", altKey: true, shiftKey: true, ctrlKey: true }],
    ["+", { ctrlKey: true }],
    ["PageDown", { altKey: true }],
    ["a", {}],
  ])("is nobody's else: %s %o", (key, held) => {
    expect(press(key, held).defaultPrevented).toBe(false);
    expect(said).toEqual([]);
  });
});
