import { describe, expect, it } from "vitest";
import { ApiError, Unreachable } from "../../api/errors";
import { b64u } from "../../bytes";
import { paddedSize } from "../../crypto/fileSeal";
import { fetchFile } from "./fetching";
import type { Keeper } from "./shapes";

const SIZE = 10;
const FILE = {
  id: crypto.randomUUID(),
  name: "acta.pdf",
  size: SIZE,
  key: b64u.encode(new Uint8Array(32)),
  prefix: b64u.encode(new Uint8Array(7)),
  sha256: b64u.encode(new Uint8Array(32)),
  sealed: b64u.encode(new Uint8Array(32)),
};

/** What each try for the first piece ends in, over and over, and how often it was asked for. */
async function fetching(answer: (tries: number) => Error) {
  const asked = { tries: 0, slept: [] as number[], aborted: 0 };
  const core = {
    over: false,
    vault: { read: async () => ({ kind: "message", files: [FILE] }) },
    sleep: async (ms: number) => void asked.slept.push(ms),
    door: {
      open: async () => ({ size: paddedSize(SIZE) }),
      piece: async () => {
        asked.tries += 1;
        throw answer(asked.tries);
      },
    },
  };
  const sink = {
    write: async () => undefined,
    close: async () => undefined,
    abort: async () => {
      asked.aborted += 1;
    },
  };
  const how = { progress: () => undefined, signal: new AbortController().signal };
  const done = fetchFile(core as unknown as Keeper, "c", 1, FILE.id, sink, how);
  const code = await done.then(
    () => null,
    (error: { code: string }) => error.code,
  );
  return { ...asked, code };
}

const refused = (code: string, status: number) => new ApiError(code, status, "", "", {});

describe("a piece of a file", () => {
  it("is asked for again sixteen times of a server that answers and cannot; then its reader is told", async () => {
    const found = await fetching(() => refused("busy", 503));
    expect(found).toMatchObject({ code: "busy", tries: 16, aborted: 1 });
    expect(found.slept.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });

  it("is asked for as long as the network is away", async () => {
    const found = await fetching((tries) =>
      tries < 100 ? new Unreachable() : refused("gone", 404),
    );
    expect(found).toMatchObject({ code: "gone", tries: 100 });
  });

  it("is not asked for again where asking again would not help", async () => {
    expect(await fetching(() => refused("not-found", 404))).toMatchObject({ tries: 1, aborted: 1 });
  });
});
