/** Files on their way when the page is made anew, and those that never begin. */

import { afterEach, describe, expect, it } from "vitest";
import { Unreachable } from "../../src/api/errors";
import { MOST_BYTES } from "../../src/crypto/fileSeal";
import type { NotPossible } from "../../src/effects/problems";
import type { UploadView } from "../../src/effects/shapes";
import { messages } from "./said";
import { Shelf } from "./shelf";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const SIZE = 3_000_000;
const PIECES = 3;

const video = (last = 7, name = "audiencia.mp4") => {
  const bytes = new Uint8Array(SIZE).fill(7);
  bytes[SIZE - 1] = last;
  return new File([bytes], name, { type: "video/mp4" });
};

/** Ana and Boris talk; of a file of hers the line lets two pieces through. */
async function scene() {
  const shelf = new Shelf();
  const line = { pieces: 2 };
  world = await World.make();
  const { service } = world;
  const api = service.api.bind(service);
  service.api = (person) => {
    const routes = shelf.routes();
    const put: typeof routes.put = async (...given) => {
      if (line.pieces === 0) throw new Unreachable("the line is cut");
      line.pieces -= 1;
      return routes.put(...given);
    };
    return { ...api(person), attachments: { ...routes, put } };
  };
  return { ...(await talking(world)), shelf, line };
}

/** What the composer shows of uploads, from now on. */
function shown({ client }: Desk, circle: string) {
  const seen: { now: readonly UploadView[] } = { now: [] };
  client.onUploads(circle, (all) => {
    seen.now = all;
  });
  return seen;
}

/** Two of three pieces are at the server when the page is made anew, with words in its composer. */
async function cut() {
  const all = await scene();
  const { ana, circle, shelf, line } = all;
  ana.client.setDraft(circle, "Va el video");
  const id = await ana.client.attach(circle, video());
  const before = shown(ana, circle);
  await until("it waits", () => before.now[0]?.phase === "waiting");
  await ana.client.saveDrafts();
  expect(shelf.puts).toBe(2);
  await ana.reopen();
  line.pieces = Number.POSITIVE_INFINITY;
  const seen = shown(ana, circle);
  await until("it stands there", () => seen.now.length === 1);
  return { ...all, id, seen };
}

/** Why another file is not taken: at once by its size, else once it was read. */
async function refusal(desk: Desk, circle: string, id: string, other: File): Promise<string> {
  const seen = shown(desk, circle);
  try {
    await desk.client.attachAgain(circle, id, other);
  } catch (error) {
    return (error as NotPossible).code;
  }
  await until("it is refused", () => seen.now[0]?.phase === "failed");
  return seen.now[0]?.error ?? "";
}

describe("an upload that was going on when the page was made anew", () => {
  it("says that it stands, and goes on where it was once the same file is chosen", async () => {
    const { ana, boris, circle, id, seen, shelf } = await cut();
    expect(seen.now).toMatchObject([{ id, name: "audiencia.mp4", size: SIZE, phase: "asleep" }]);
    expect(threadOf(ana.client, circle)?.draft).toBe("Va el video");
    await ana.client.attachAgain(circle, id, video());
    await until("it is there", () => seen.now[0]?.phase === "ready");
    expect(shelf.puts).toBe(PIECES);
    await ana.client.send(circle, "Va el video", undefined, { files: [id] });
    await until("boris has it", async () =>
      (await messages(boris, circle)).some(({ files }) => files?.[0]?.id === id),
    );
    expect(seen.now).toEqual([]);
    expect([...ana.errors, ...boris.errors]).toEqual([]);
  });

  it.each([
    ["one byte longer", new File([new Uint8Array(SIZE + 1)], "audiencia.mp4")],
    ["as long, with another byte", video(8, "otra.mp4")],
  ])("goes on with no other file: %s", async (_, other) => {
    const { ana, circle, id, seen, shelf } = await cut();
    expect(await refusal(ana, circle, id, other)).toBe("attachment-other");
    expect(shelf.puts).toBe(2);
    expect(seen.now[0]?.name).toBe("audiencia.mp4"); // and is not called by its name
    // The right one still does.
    await ana.client.attachAgain(circle, id, video());
    await until("it is there", () => seen.now[0]?.phase === "ready");
    expect(shelf.puts).toBe(PIECES);
    expect(seen.now[0]).not.toHaveProperty("error");
  });
});

describe("a file of more than 2 GiB", () => {
  it("is refused before a byte of it is read, and what was typed stays", async () => {
    const { ana, circle, shelf } = await scene();
    const seen = shown(ana, circle);
    let read = 0;
    const disk = (size: number) => ({
      ...{ name: "disco.img", type: "", size },
      slice: () => {
        read += 1;
        return { arrayBuffer: () => Promise.reject(new Error("not on this disk")) };
      },
    });
    ana.client.setDraft(circle, "Va el disco");
    await expect(ana.client.attach(circle, disk(MOST_BYTES + 1))).rejects.toMatchObject({
      code: "attachment-too-large",
    });
    expect([read, seen.now, shelf.pieces.size]).toEqual([0, [], 0]);
    await until("the words are kept", () => threadOf(ana.client, circle)?.draft === "Va el disco");
    // One of exactly 2 GiB is begun.
    await ana.client.attach(circle, disk(MOST_BYTES));
    await until("it is read", () => read > 0);
  });
});
