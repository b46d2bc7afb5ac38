import { describe, expect, it } from "vitest";
import { ApiError, Unreachable } from "../../src/api/errors";
import { judge } from "../../src/verify/tlog/evidence";
import { Policy } from "../../src/verify/tlog/policy";
import { cosigned, LogInHand, quorumOfOne } from "../vectors/log";
import { LogServer, watchOf } from "./server";

const honest = await LogInHand.of(300);
const forged = await LogInHand.of(300, { from: 100 });

async function following(size: number) {
  const server = new LogServer(honest);
  await server.show(size);
  const page = watchOf(server);
  await page.watch.look();
  return { server, ...page };
}

describe("a browser", () => {
  it("follows a log that grows, and says who stands under it", async () => {
    const { server, watch, errors } = await following(100);
    expect(watch.logs).toEqual([{ origin: honest.origin, size: 100, cosigned: [], at: null }]);
    await server.show(257);
    await watch.look();
    expect(watch.logs[0]?.size).toBe(257);
    expect([watch.alarm, errors]).toEqual([null, []]);
    expect(watch.checked).not.toBeNull();
  });

  it("refuses a smaller log, remembers that after a reload, and lets nobody in", async () => {
    const { server, watch, disk } = await following(200);
    await server.show(150);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-smaller");
    const again = watchOf(server, { disk });
    await again.watch.look();
    expect(again.watch.alarm?.code).toBe("log-smaller");
    expect(() => again.watch.requireSound()).toThrow("log-smaller");
  });

  it("keeps what it had believed, not what went back", async () => {
    const { server, watch } = await following(200);
    await server.show(150);
    await watch.look();
    await server.show(160);
    await watch.look();
    expect(watch.alarm).not.toBeNull();
    await server.show(200);
    await watch.look();
    expect(watch.alarm).toBeNull();
    expect(watch.past?.code).toBe("log-smaller");
  });

  it("has evidence for anybody once a log that went back has gone on otherwise", async () => {
    const { server, watch } = await following(200);
    await server.show(150, forged);
    await watch.look();
    await server.show(257, forged);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-forked");
    if (watch.alarm === null) throw new Error("no alarm");
    expect(await judge(watch.alarm.evidence, honest.policy)).toBe("contradiction");
    await server.show(257, honest);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-forked"); // two signed histories are never made good
  });

  it("misses a log that is gone", async () => {
    const { server, watch } = await following(200);
    server.note = "";
    await watch.look();
    expect(watch.alarm?.code).toBe("log-gone");
  });

  it("accuses nobody who does not answer, or hands out half a file", async () => {
    const { server, watch, errors } = await following(200);
    const { checked } = watch;
    server.fails = new Unreachable("away");
    await watch.look();
    server.fails = null;
    await server.show(257);
    server.file = async () => new Uint8Array(32);
    await watch.look();
    expect([watch.alarm, watch.checked, errors]).toEqual([null, checked, []]);
  });

  it("keeps the policy it saw first, and lets it only grow", async () => {
    const { server, watch } = await following(200);
    server.policyText = `${honest.policyText}# a word more\n`;
    await watch.look();
    expect(watch.alarm).toBeNull();
    server.policyText = honest.policyText.replace(/log (\S+)\+\S+\+\S+/, "");
    await watch.look();
    expect(watch.alarm?.code).toBe("log-policy");
  });

  it("is alarmed by a policy that it cannot read, the first one or one that grew", async () => {
    const { server, watch } = await following(200);
    server.policyText = `${honest.policyText}log x+y+z\n`;
    await watch.look();
    expect(watch.alarm?.code).toBe("log-policy");
    server.policyText = honest.policyText;
    await watch.look();
    expect(watch.alarm).toBeNull();
    server.policyText = "log x+y+z\n";
    const first = watchOf(server).watch;
    await first.look();
    expect([first.alarm?.code, first.checked]).toEqual(["log-policy", null]);
    expect(() => first.requireSound()).toThrow("log-policy");
    server.policyText = honest.policyText;
    await first.look();
    expect(first.alarm).toBeNull();
  });

  it("believes nothing that its policy's log has not signed", async () => {
    const { server, watch } = await following(200);
    server.note = server.note.replace("\n200\n", "\n201\n");
    await watch.look();
    expect(watch.alarm?.code).toBe("log-unproven");
  });

  it("with a pinned policy asks for no other, and forgets nothing by a person's act", async () => {
    const server = new LogServer(honest);
    await server.show(200);
    server.policyText = "quorum none\n";
    const { watch } = watchOf(server, { pinned: honest.policyText });
    await watch.look();
    expect([watch.alarm, watch.logs[0]?.size]).toEqual([null, 200]);
    await expect(watch.startAnew()).rejects.toThrow("log-pinned");
  });

  it("begins anew when a person says so, or when a bundle brings other keys", async () => {
    const { server, watch, disk } = await following(200);
    await server.show(150);
    await watch.look();
    const pinned = `# decided by the keepers\n${honest.policyText}`;
    const rebuilt = watchOf(server, { disk, pinned });
    await rebuilt.watch.look();
    expect([rebuilt.watch.alarm, rebuilt.watch.past?.code]).toEqual([null, "log-smaller"]);
    await server.show(120);
    await watch.look();
    await watch.startAnew();
    expect([watch.alarm, watch.logs[0]?.size]).toEqual([null, 120]);
  });
});

const HOUR = 3_600_000;

describe("a log that cannot be looked at", () => {
  async function away(error: Error) {
    let now = Date.UTC(2026, 10, 26);
    const clock = () => now;
    const server = new LogServer(honest);
    await server.show(200);
    const page = watchOf(server, { clock });
    await page.watch.look();
    server.fails = error;
    return { server, ...page, clock, begin: now, later: (ms: number) => (now += ms) };
  }

  it.each([
    ["answers with an error", new ApiError("unavailable", 503, "", "", {})],
    ["is said not to be there", new ApiError("not-found", 404, "", "", {})],
    ["does not answer", new Unreachable("away")],
  ])("as it %s lets nobody in after a day, a reload or not", async (_, error) => {
    const { server, disk, clock, begin, later } = await away(error);
    later(24 * HOUR - 1);
    const { watch } = watchOf(server, { disk, clock });
    await watch.requireSoundNow();
    expect([watch.checked, watch.failing]).toEqual([begin, true]);
    later(1);
    await expect(watch.requireSoundNow()).rejects.toThrow("log-unchecked");
    server.fails = null;
    await watch.requireSoundNow();
    expect([watch.checked, watch.failing]).toEqual([clock(), false]);
  });

  it("and never could is counted from the first time, a reload or not", async () => {
    const { server, clock, later } = await away(new Unreachable("away"));
    const { watch, disk } = watchOf(server, { clock });
    await watch.look();
    later(24 * HOUR);
    const again = watchOf(server, { disk, clock }).watch;
    await expect(again.requireSoundNow()).rejects.toThrow("log-unchecked");
    expect(again.checked).toBeNull();
  });

  it("as its tiles are missing is not checked either", async () => {
    const { server, watch, begin, later } = await away(new Unreachable("away"));
    server.fails = null;
    await server.show(257);
    server.file = async () => {
      throw new ApiError("not-found", 404, "", "", {});
    };
    later(24 * HOUR);
    await expect(watch.requireSoundNow()).rejects.toThrow("log-unchecked");
    expect([watch.checked, watch.alarm]).toEqual([begin, null]);
  });

  it("as none is listed is not found to hold", async () => {
    const server = new LogServer(honest);
    server.list = async () => [];
    const { watch } = watchOf(server);
    await watch.look();
    expect([watch.checked, watch.failing, watch.alarm]).toEqual([null, true, null]);
  });
});

describe("a log that is frozen", () => {
  async function witnessed(size: number, at: number): Promise<{ text: string; note: string }> {
    const text = honest.policyText.replace("quorum none\n", await quorumOfOne());
    return { text, note: await cosigned(await honest.note(size), at) };
  }

  it("under old cosignatures is not up to date, and lets nobody in a day later", async () => {
    let now = Date.UTC(2026, 10, 26);
    const server = new LogServer(honest);
    const { text, note } = await witnessed(200, now);
    server.policyText = text;
    server.note = note;
    const { watch } = watchOf(server, { clock: () => now });
    now += 24 * HOUR - 1_000;
    await watch.look();
    expect([watch.behind, watch.checked, watch.logs[0]?.cosigned]).toEqual([false, now, ["XX"]]);
    const { checked } = watch;
    now += 1_000;
    await watch.look();
    expect([watch.behind, watch.checked, watch.alarm]).toEqual([true, checked, null]);
    watch.requireSound();
    now += 24 * HOUR;
    await expect(watch.requireSoundNow()).rejects.toThrow("log-unchecked");
    server.note = (await witnessed(200, now)).note;
    await watch.requireSoundNow();
    expect([watch.behind, watch.checked]).toEqual([false, now]);
  });

  it.each([
    ["a day old", 24 * HOUR],
    ["a month old", 30 * 24 * HOUR],
  ])("under cosignatures %s at a browser's first look lets nobody in at once", async (_, age) => {
    const now = Date.UTC(2026, 10, 26);
    const server = new LogServer(honest);
    const { text, note } = await witnessed(200, now - age);
    server.policyText = text;
    server.note = note;
    const { watch, disk } = watchOf(server, { clock: () => now });
    await expect(watch.requireSoundNow()).rejects.toThrow("log-unchecked");
    expect([watch.behind, watch.checked, watch.tooLong]).toEqual([true, null, true]);
    const again = watchOf(server, { clock: () => now, disk }).watch; // after a reload
    await expect(again.requireSoundNow()).rejects.toThrow("log-unchecked");
    server.note = (await witnessed(200, now)).note;
    await again.requireSoundNow();
    expect([again.behind, again.checked, again.tooLong]).toEqual([false, now, false]);
  });

  it("under cosignatures a second younger lets a new browser in", async () => {
    const now = Date.UTC(2026, 10, 26);
    const server = new LogServer(honest);
    const { text, note } = await witnessed(200, now - 24 * HOUR + 1_000);
    server.policyText = text;
    server.note = note;
    const { watch } = watchOf(server, { clock: () => now });
    await watch.requireSoundNow();
    expect(watch.checked).toBe(now);
  });
});

describe("two histories, each shown to another browser,", () => {
  it("are both believed by who asks for no witness, until the two compare", async () => {
    const [mine, theirs] = [await following(200), new LogServer(honest)];
    await theirs.show(200, forged);
    const other = watchOf(theirs);
    await other.watch.look();
    expect([mine.watch.alarm, other.watch.alarm]).toEqual([null, null]);
    // One carries a proof or a checkpoint to the other: either is enough.
    await expect(mine.watch.agree(theirs.note)).rejects.toThrow();
    await expect(other.watch.agree(mine.server.note)).rejects.toThrow();
    for (const { watch } of [mine, other]) {
      expect(watch.alarm?.code).toBe("log-forked");
      expect(() => watch.requireSound()).toThrow("log-forked");
      const evidence = watch.alarm?.evidence;
      expect(evidence && (await judge(evidence, honest.policy))).toBe("contradiction");
    }
  });

  it("are not both cosigned: who gets the other one lets nobody in", async () => {
    const now = Date.UTC(2026, 10, 26);
    const text = honest.policyText.replace("quorum none\n", await quorumOfOne());
    const watches = [];
    for (const log of [honest, forged]) {
      const server = new LogServer(honest);
      await server.show(200, log);
      server.policyText = text;
      // The witness has seen the honest one; shown the other, it answers 422.
      if (log === honest) server.note = await cosigned(server.note, now);
      const { watch } = watchOf(server, { clock: () => now });
      await watch.look();
      watches.push(watch);
    }
    const [mine, other] = watches;
    expect([mine?.alarm, mine?.checked]).toEqual([null, now]);
    expect([other?.alarm?.code, other?.checked]).toEqual(["log-unproven", null]);
    expect(() => other?.requireSound()).toThrow("log-unproven");
  });
});

describe("another history that no quorum has cosigned", () => {
  /** A browser that follows 200 witnessed entries, and is then shown what the log alone signed. */
  async function shown(size: number, log: LogInHand) {
    const now = Date.UTC(2026, 10, 26);
    const text = honest.policyText.replace("quorum none\n", await quorumOfOne());
    const server = new LogServer(honest);
    server.policyText = text;
    server.note = await cosigned(await honest.note(200), now);
    const page = watchOf(server, { clock: () => now });
    await page.watch.look();
    expect(page.watch.alarm).toBeNull();
    await server.show(size, log);
    await page.watch.look();
    return { ...page, server, text };
  }

  it.each([
    ["of the same size", 200],
    ["that is larger", 257],
  ])(
    "%s is a contradiction that the log has signed, not lines that are missing",
    async (_, size) => {
      const { watch, text } = await shown(size, forged);
      expect(watch.alarm).toMatchObject({ code: "log-forked", lasting: true });
      const evidence = watch.alarm?.evidence;
      expect(evidence && (await judge(evidence, await Policy.parse(text)))).toBe("contradiction");
    },
  );

  it("that is smaller is a rollback, and becomes a contradiction as it grows", async () => {
    const { watch, server } = await shown(150, forged);
    expect(watch.alarm?.code).toBe("log-smaller");
    await server.show(201, forged);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-forked");
  });

  it("is no other one where it goes on from what was followed: then lines are missing", async () => {
    const { watch } = await shown(257, honest);
    expect(watch.alarm?.code).toBe("log-unproven");
  });

  it("is one in a proof as well", async () => {
    const { watch } = await shown(257, honest);
    await expect(watch.agree(await forged.note(200))).rejects.toThrow();
    expect(watch.alarm?.code).toBe("log-forked");
  });

  it("accuses of nothing more by files that do not fit", async () => {
    const { watch, server } = await shown(200, honest);
    server.file = async () => new Uint8Array(32);
    await server.show(257, forged);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-unproven");
  });
});

describe("an alarm", () => {
  it("is shown though the disk is full, and written once it is not", async () => {
    const { server, watch, disk } = await following(200);
    await server.show(150);
    disk.crashAt = { write: disk.writes, after: false };
    await watch.look();
    expect(watch.alarm?.code).toBe("log-smaller");
    await watch.look();
    expect(() => watch.requireSound()).toThrow("log-smaller");
    disk.powerOn();
    server.fails = new Unreachable("away");
    await watch.look();
    const again = watchOf(server, { disk });
    await again.watch.look();
    expect(again.watch.alarm?.code).toBe("log-smaller");
  });
});

describe("a proof's checkpoint", () => {
  it("agrees, older or newer, if it is of the same history", async () => {
    const { server, watch } = await following(200);
    await watch.agree(await honest.note(150));
    await watch.agree(await honest.note(257));
    await server.show(256);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-smaller"); // the newer one was kept
  });

  it("of another history is an alarm", async () => {
    const { server, watch } = await following(200);
    await expect(watch.agree(await forged.note(200))).rejects.toThrow();
    expect(watch.alarm?.code).toBe("log-forked");
    void server;
  });
});
