import { describe, expect, it } from "vitest";
import { ApiError, Unreachable } from "../../src/api/errors";
import { type ActAnswered, Feed } from "../../src/api/log";
import { concat, utf8 } from "../../src/bytes";
import { canonical } from "../../src/canonical";
import { proven } from "../../src/effects/log/proving";
import { Receipts } from "../../src/effects/log/receipts";
import { keys } from "../../src/store/records";
import { storeKey } from "../../src/store/seal";
import { type Tx, Vault } from "../../src/store/vault";
import { originsOf } from "../../src/verify/tlog/promise";
import { parseProof, verifyProof } from "../../src/verify/tlog/proof";
import { fromBase64, toBase64 } from "../../src/verify/tlog/text";
import { inclusionPath, Tiles } from "../../src/verify/tlog/tiles";
import { Disk } from "../scenario/stores";
import { until } from "../scenario/world";
import { LogInHand } from "../vectors/log";
import { RECEIPTS } from "../vectors/receipts";
import { entry } from "../vectors/tlog";
import { LogServer, watchOf } from "./server";

const [first, second] = RECEIPTS.events;
if (first === undefined || second === undefined) throw new Error("no vectors");
const MINUTE = 60_000;
const ME = "6f1c0f60-1111-4222-8333-444455556666";
const entries = [entry(0), ...RECEIPTS.events.map(({ leaf }) => fromBase64(leaf)), entry(4)];
const log = await LogInHand.from(entries, `log ${RECEIPTS.promise_vkey}\n`);

async function desk(size = 1, me = ME) {
  const server = new LogServer(log);
  await server.show(size);
  let now = 1_795_618_800_000;
  const clock = () => now;
  const page = watchOf(server, { clock });
  await page.watch.look();
  const disk = new Disk();
  const vault = new Vault(
    await disk.open("one"),
    await storeKey(new Uint8Array(32), new Uint8Array(32)),
  );
  const deps = {
    ...page.deps,
    timers: {
      after: (ms: number, run: () => void) => {
        const timer = setTimeout(
          () => {
            now += ms;
            run();
          },
          // The steps of an act's patience are long beside what a busy machine needs for a proof.
          ms === 250 ? 25 : Math.min(ms / 100, 100),
        );
        return () => clearTimeout(timer);
      },
    },
  };
  const locked = <T>(task: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.locks.run("one", async () => {
      const tx = await vault.begin();
      const result = await task(tx);
      await tx.persist();
      return result;
    });
  const open = () => new Receipts(deps, server, page.watch, vault, me, locked, () => undefined);
  const says = (promised: string, path = "/cases") =>
    server.feed.heard({ method: "POST", path, promised });
  return { ...page, server, vault, open, says, later: (ms: number) => (now += ms) };
}

type Given = (typeof RECEIPTS.events)[number];

/** What the server answers of an event once it stands at `index` of `size` entries. */
async function answer(event: number, given: Given, index: number, size: number) {
  const path = await inclusionPath(index, new Tiles(entries.length, log.read));
  const lines = ["c2sp.org/tlog-proof@v1", `index ${index}`, ...path.map(toBase64)];
  const { leaf, payload, salt } = given;
  const proof = `${lines.join("\n")}\n\n${await log.note(size)}`;
  return { event, leaf, payload, salt, log: "acts-2026", proof };
}

/** An event of ours that stands alone in a log, and what the server answers of it. */
async function aloneInItsLog(kind: string, actor = ME) {
  const at = "2026-11-25T15:00:00.000000Z";
  const body = { actor, at, kind, payload: {}, states: ["SV"], v: 1 };
  const [payload, salt] = [canonical(body), new Uint8Array(32).fill(9)];
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const covered = concat(utf8.encode("casehub-audit-event/1"), payload);
  const c = toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, covered)));
  const t = Date.parse(at) / 1_000;
  const leaf = canonical({ c, g: [toBase64(new Uint8Array(8))], k: "event", t, v: 1 });
  const its = await LogInHand.from([leaf], "");
  const proof = `c2sp.org/tlog-proof@v1\nindex 0\n\n${await its.note(1)}`;
  const answer = {
    event: 7,
    leaf: toBase64(leaf),
    payload: toBase64(payload),
    salt: toBase64(salt),
    log: "acts-2026",
    proof,
  };
  return { answer, policy: its.policy };
}

describe("an act of signing in", () => {
  const record = (act: string) => ({ event: 7, act, heard: 0, promise: null });
  const agree = async () => {
    throw new Error("it was not to come so far");
  };

  it.each([
    ["/sign-in/code", "accounts.code.check"],
    ["/sign-in/passkey/finish", "accounts.passkey.finish"],
    ["/sign-out", "accounts.sign-out"],
  ])("at %s is known by name, and missed by nobody without a promise", (path, act) => {
    const feed = new Feed();
    const heard: ActAnswered[] = [];
    feed.listen((answer) => void heard.push(answer));
    feed.heard({ method: "POST", path, promised: "" });
    expect(heard).toEqual([]);
    feed.heard({ method: "POST", path, promised: "some" });
    expect(heard).toEqual([{ act, promised: "some", awaited: false }]);
  });

  it.each([
    ["accounts.code.check", "accounts.sign-in.completed"],
    ["accounts.code.check", "accounts.sign-in.renewed"],
    ["accounts.passkey.finish", "accounts.sign-in.renewed"],
    ["accounts.sign-out", "accounts.session.ended"],
  ])("%s is proven by %s", async (act, kind) => {
    const { answer, policy } = await aloneInItsLog(kind);
    const watch = { agree: async (note: string) => policy.open(note) };
    const found = await proven(record(act), answer, { policy, watch, me: ME });
    expect(found).toMatchObject({ act, kind, index: 0 });
  });

  it.each([
    ["accounts.code.check", "accounts.sign-in.refused"],
    ["accounts.code.check", "accounts.session.ended"],
    ["accounts.passkey.finish", "accounts.passkey.added"],
    ["accounts.sign-out", "accounts.sign-in.completed"],
  ])("%s is not proven by %s", async (act, kind) => {
    const { answer, policy } = await aloneInItsLog(kind);
    const asked = proven(record(act), answer, { policy, watch: { agree }, me: ME });
    await expect(asked).rejects.toThrow("event");
  });

  it("is not proven by another person's", async () => {
    const { answer, policy } = await aloneInItsLog("accounts.sign-in.completed", "somebody else");
    const who = { policy, watch: { agree }, me: ME };
    await expect(proven(record("accounts.code.check"), answer, who)).rejects.toThrow("event");
  });
});

describe("a promise", () => {
  it("is on the disk at once, and becomes a proof that can be carried away", async () => {
    const { server, open, says, vault } = await desk();
    const receipts = open();
    says(first.promise);
    await until("kept", async () => (await vault.list(keys.promises)).length === 1);
    await server.show(5);
    server.known.set(100, await answer(100, first, 1, 5));
    await until("proven", async () => (await receipts.list(9))[0]?.stage === "settled");
    const [row] = await receipts.list(9);
    expect(row).toMatchObject({ act: "cases.case.open", index: 1, log: "acts-2026" });
    const file = await receipts.file(row?.name ?? "");
    expect(file?.name).toBe("acts-2026-1.tlog-proof");
    const proof = parseProof(file?.text ?? "");
    expect((await verifyProof(proof, fromBase64(first.leaf), log.policy)).checkpoint.size).toBe(5);
    const carried = JSON.parse(new TextDecoder().decode(proof.extra ?? undefined));
    expect(carried).toEqual({ leaf: first.leaf, payload: first.payload, salt: first.salt });
    receipts.close();
  });

  it("that came before anybody could keep it is kept all the same", async () => {
    const { open, says, vault } = await desk();
    says(first.promise);
    const receipts = open();
    await until("kept", async () => (await vault.list(keys.promises)).length === 1);
    receipts.close();
  });

  it("without a proof is late, then a complaint that is the log's own signature", async () => {
    const { open, says, later } = await desk();
    const receipts = open();
    says(first.promise);
    const stage = async () => (await receipts.list(9))[0]?.stage;
    await until("kept", async () => (await stage()) === "promised");
    later(11 * MINUTE);
    await until("late", async () => (await stage()) === "late");
    later(24 * 60 * MINUTE);
    await until("due", async () => (await stage()) === "due");
    const [row] = await receipts.list(9);
    expect((await receipts.file(row?.name ?? ""))?.text).toBe(first.note);
    receipts.close();
  });

  it.each([
    ["of another entry", { leaf: second.leaf, payload: second.payload, salt: second.salt }],
    ["of another event", { payload: second.payload }],
    [
      "that proves another place",
      { proof: "c2sp.org/tlog-proof@v1\nindex 2\n\nx\n\n— x AAAAAAAA\n" },
    ],
  ])("answered by what is %s is wrong", async (_, change) => {
    const { server, open, says } = await desk();
    await server.show(5);
    server.known.set(100, { ...(await answer(100, first, 1, 5)), ...change });
    const receipts = open();
    says(first.promise);
    await until("wrong", async () => (await receipts.list(9))[0]?.stage === "wrong");
    receipts.close();
  });

  it.each([
    ["of another kind than the act leaves", "/requests", ME],
    ["of another kind than signing in by a code leaves", "/sign-in/code", ME],
    ["of another kind than signing in by a passkey leaves", "/sign-in/passkey/finish", ME],
    ["of another person's act", "/cases", "somebody else"],
  ])("kept by an event %s is wrong", async (_, path, me) => {
    const { server, open, says } = await desk(5, me);
    server.known.set(100, await answer(100, first, 1, 5));
    const receipts = open();
    says(first.promise, path);
    await until("wrong", async () => (await receipts.list(9))[0]?.stage === "wrong");
    receipts.close();
  });

  it.each([
    ["an error", new ApiError("unavailable", 503, "", "", {})],
    ["a refusal", new ApiError("not-found", 404, "", "", {})],
    ["nothing", new Unreachable("away")],
  ])("asked for and answered by %s is late, if other calls are answered", async (_, error) => {
    const { server, open, says, later } = await desk();
    const receipts = open();
    const stage = async () => (await receipts.list(9))[0]?.stage;
    server.withholds = error;
    says(first.promise);
    await until("kept", async () => (await stage()) === "promised");
    const others = setInterval(() => says("", "/socket-ticket"), 5);
    later(11 * MINUTE);
    await until("late", async () => (await stage()) === "late");
    later(24 * 60 * MINUTE);
    await until("due", async () => (await stage()) === "due");
    clearInterval(others);
    receipts.close();
  });

  it("accuses nobody while no call at all is answered", async () => {
    const { server, open, says, later } = await desk();
    const receipts = open();
    let asked = 0;
    server.receipts = async () => {
      asked += 1;
      throw new Unreachable("away");
    };
    says(first.promise);
    await until("asked", () => asked > 0);
    later(25 * 60 * MINUTE);
    const before = asked;
    await until("asked again", () => asked > before + 1);
    expect((await receipts.list(9))[0]?.stage).toBe("promised");
    receipts.close();
  });

  it("is judged by itself: what is wrong with one's proof keeps no other from its own", async () => {
    const { server, watch, open, says, later } = await desk(5);
    server.known.set(100, await answer(100, first, 1, 5));
    server.known.set(101, await answer(101, second, 2, 5));
    const agree = watch.agree.bind(watch);
    let asked = 0;
    watch.agree = async (note) => {
      asked += 1;
      if (asked !== 2) throw new Unreachable("a tile");
      return agree(note);
    };
    const receipts = open();
    says(`${first.promise}, ${second.promise}`, "/unknown");
    const stages = async () => (await receipts.list(9)).map(({ stage }) => stage).sort();
    await until("one", async () => (await stages()).includes("settled"));
    expect(await stages()).toEqual(["promised", "settled"]);
    watch.agree = async () => {
      throw new Unreachable("a tile");
    };
    later(11 * MINUTE);
    await until("late", async () => (await stages()).includes("late"));
    receipts.close();
  });

  it("of another time than the event's is no receipt of it", async () => {
    const { watch } = await desk(5);
    const record = { event: 100, act: "cases.case.open", heard: 0 };
    const given = await answer(100, first, 1, 5);
    const prover = { policy: log.policy, watch, me: ME };
    const [number, origin, time, ...rest] = first.promise.split(" ");
    const dated = (by: number) => [number, origin, Number(time) + by, ...rest].join(" ");
    for (const by of [-1, 0, 1]) {
      await expect(proven({ ...record, promise: dated(by) }, given, prover)).resolves.toBeTruthy();
    }
    for (const by of [-2, 2]) {
      const moved = { ...record, promise: dated(by) };
      await expect(proven(moved, given, prover)).rejects.toThrow("event");
    }
  });

  it("whose entry is not opened has a place and no content, until it is opened", async () => {
    const { server, open, says, later, watch } = await desk(5);
    server.known.set(100, { ...(await answer(100, first, 1, 5)), payload: null, salt: null });
    const receipts = open();
    await receipts.settle(async () => says(first.promise));
    expect(watch.unsettled).toBe(1);
    const [row] = await receipts.list(9);
    expect(row).toMatchObject({ stage: "unopened", index: 1, log: "acts-2026", file: "proof" });
    const file = await receipts.file(row?.name ?? "");
    const proof = parseProof(file?.text ?? "");
    expect((await verifyProof(proof, fromBase64(first.leaf), log.policy)).checkpoint.size).toBe(5);
    server.known.set(100, await answer(100, first, 1, 5));
    later(11 * MINUTE);
    await until("opened", async () => (await receipts.list(9))[0]?.stage === "settled");
    receipts.close();
  });

  it("that was never given is not kept by a closed entry: it could be anybody's", async () => {
    const { watch } = await desk(5);
    const given = { ...(await answer(100, first, 1, 5)), payload: null, salt: null };
    const record = { event: 100, act: "messaging.message.post", heard: 0, promise: null };
    expect(await proven(record, given, { policy: log.policy, watch, me: ME })).toBeNull();
  });

  it("under a number that another had before stands beside it", async () => {
    const { open, says } = await desk();
    const receipts = open();
    says(first.promise);
    says(second.promise.replace(/^101/, "100"));
    await until("both", async () => (await receipts.list(9)).length === 2);
    receipts.close();
  });

  it("that does not come is noticed, where the act should have one", async () => {
    const { open, says } = await desk();
    const receipts = open();
    says("");
    says("", "/socket-ticket");
    await until("noticed", async () => (await receipts.unpromised()).length === 1);
    expect((await receipts.unpromised())[0]?.act).toBe("cases.case.open");
    receipts.close();
  });
});

describe("an act that changes trust", () => {
  it("waits for its proof", async () => {
    const { server, watch, open, says } = await desk();
    await server.show(5);
    server.known.set(100, await answer(100, first, 1, 5));
    const receipts = open();
    let during = 0;
    await receipts.changeTrust(async () => {
      during = watch.settling;
      says(first.promise);
    });
    expect(during).toBe(1);
    expect((await receipts.list(9))[0]?.stage).toBe("settled");
    expect([watch.settling, watch.unsettled]).toEqual([0, 0]);
    receipts.close();
  });

  it("goes on without one after a while, and says so", async () => {
    const { watch, open, says } = await desk();
    const receipts = open();
    await receipts.changeTrust(async () => says(first.promise));
    expect([watch.settling, watch.unsettled]).toEqual([0, 1]);
    receipts.close();
  });

  it("is refused while the log contradicts itself; shutting out is not", async () => {
    const { server, watch, open } = await desk(4);
    await server.show(2);
    await watch.look();
    const receipts = open();
    let done = 0;
    const act = async () => {
      done += 1;
    };
    await expect(receipts.changeTrust(act)).rejects.toThrow("log-smaller");
    await receipts.settle(act);
    expect(done).toBe(1);
    expect(originsOf(log.policy)).toEqual([log.origin]);
    receipts.close();
  });
});
