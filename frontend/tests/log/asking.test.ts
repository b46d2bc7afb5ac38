/** What a page asks for of the log's files, and what a file that the browser keeps cannot hide. */

import { describe, expect, it } from "vitest";
import { makeCall } from "../../src/api/http";
import { Feed, makeLogApi } from "../../src/api/log";
import { concat, hex, sha256, utf8 } from "../../src/bytes";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { toBase64 } from "../../src/verify/tlog/text";
import { LogInHand, signedNote } from "../vectors/log";
import { ROTATION } from "../vectors/rotation";
import { naiveRoot, TLOG } from "../vectors/tlog";
import { type LogServer, watchOf } from "./server";

const MINUTE = 60_000;
const honest = await LogInHand.of(511);
const forged = await LogInHand.of(511, { from: 100 });
const ACTS = honest.origin;
const DIRECTORY = "dir.example";

async function lineOf(name: string): Promise<string> {
  const key = await publicKeyOf(hex.decode(TLOG.log.seed));
  const id = (await sha256(utf8.encode(`${name}\n`), Uint8Array.of(1), key)).slice(0, 4);
  return `log ${name}+${hex.encode(id)}+${toBase64(concat(Uint8Array.of(1), key))}\n`;
}

const POLICY = `${await lineOf(ACTS)}${await lineOf(DIRECTORY)}quorum none\n`;

async function noteOf(origin: string, size: number, log: LogInHand): Promise<string> {
  const root = await naiveRoot(log.leaves.slice(0, size));
  return signedNote(`${origin}\n${size}\n${toBase64(root)}\n`, origin);
}

/** A region's two logs, what was asked of its server, and what the browser keeps of its answers. */
class Region {
  readonly asked: string[] = [];
  readonly notes = new Map<string, string>();
  readonly kept = new Map<string, Uint8Array>();
  log = honest;
  isCutShort = false;
  policyText = POLICY;
  now = Date.UTC(2026, 10, 26);

  static async of(size: number): Promise<Region> {
    const region = new Region();
    await region.show(ACTS, size);
    await region.show(DIRECTORY, size);
    return region;
  }

  async show(origin: string, size: number, log = honest): Promise<void> {
    this.log = log;
    this.notes.set(origin, await noteOf(origin, size, log));
  }

  readonly list = async () => this.#answer("list", [...this.notes.keys()].map(named));
  readonly policy = async () => this.#answer("policy", this.policyText);
  readonly checkpoint = async (name: string) => {
    const [, note = ""] = [...this.notes].find(([origin]) => named(origin).name === name) ?? [];
    return this.#answer(`${name}/checkpoint`, note);
  };
  readonly file = async (name: string, path: string, cache: RequestCache = "no-store") => {
    const kept = this.kept.get(`${name} ${path}`);
    if (cache === "default" && kept !== undefined) return kept;
    const whole = this.#answer(`${name}/${path}`, await this.log.read(path));
    const bytes = this.isCutShort ? whole.slice(0, 8) : whole;
    if (cache !== "no-store") this.kept.set(`${name} ${path}`, bytes);
    return bytes;
  };

  /** What a look asks for. */
  async during(look: () => Promise<unknown>): Promise<string[]> {
    this.asked.length = 0;
    await look();
    return [...this.asked];
  }

  #answer<T>(what: string, answer: T): T {
    this.asked.push(what);
    return answer;
  }
}

const named = (origin: string) => ({ name: origin.startsWith("dir.") ? "dir" : "acts", origin });

async function page(size = 300) {
  const region = await Region.of(size);
  const server = region as unknown as LogServer;
  const { watch, errors } = watchOf(server, { clock: () => region.now });
  await watch.look();
  expect([watch.alarm, watch.checked, errors]).toEqual([null, region.now, []]);
  return { region, watch };
}

const EVERYTHING = ["policy", "list", "acts/checkpoint", "dir/checkpoint"];

describe("whoever waits for an entry of the directory", () => {
  it("asks for its newest checkpoint alone, between two looks at everything", async () => {
    const { region, watch } = await page();
    expect(await region.during(() => watch.look("directory"))).toEqual(["dir/checkpoint"]);
    await region.show(DIRECTORY, 301);
    await region.show(ACTS, 310);
    region.now += MINUTE - 1;
    await watch.look("directory");
    expect(watch.logs.map(({ origin, size }) => [origin, size])).toEqual([
      [ACTS, 300],
      [DIRECTORY, 301],
    ]);
    expect((await watch.directory())?.opened.checkpoint.size).toBe(301);
  });

  it("has not found that everything holds, which is found out as often as before", async () => {
    const { region, watch } = await page();
    const { checked } = watch;
    region.now += MINUTE - 1;
    await watch.look("directory");
    expect(watch.checked).toBe(checked);
    region.now += 1;
    expect(await region.during(() => watch.look("directory"))).toEqual(EVERYTHING);
    expect(watch.checked).toBe(region.now);
  });

  it.each([
    ["smaller", 299, honest, "log-smaller"],
    ["another one", 300, forged, "log-forked"],
    ["another one that is larger", 310, forged, "log-forked"],
  ])("is told at once where it is %s, and everything is looked at", async (_, size, log, code) => {
    const { region, watch } = await page();
    await region.show(DIRECTORY, size, log);
    const asked = await region.during(() => watch.look("directory"));
    expect(watch.alarm).toMatchObject({ code, origin: DIRECTORY });
    expect(watch.failing).toBe(true);
    expect(asked.filter((one) => EVERYTHING.includes(one))).toEqual([
      "dir/checkpoint",
      ...EVERYTHING,
    ]);
    expect(() => watch.requireSound()).toThrow(code);
  });

  it("ends no alarm of another log, and sees one through that stands", async () => {
    const { region, watch } = await page();
    await region.show(ACTS, 299);
    await watch.look();
    expect(watch.alarm?.code).toBe("log-smaller");
    expect(await region.during(() => watch.look("directory"))).toEqual(EVERYTHING);
    expect(watch.alarm?.code).toBe("log-smaller");
  });

  it("shares a look at everything that is under way, which shares none at the directory", async () => {
    const { region, watch } = await page();
    const both = () => Promise.all([watch.look(), watch.look("directory")]);
    expect(await region.during(both)).toEqual(EVERYTHING);
    const other = () => Promise.all([watch.look("directory"), watch.look("directory")]);
    expect(await region.during(other)).toEqual(["dir/checkpoint"]);
    const last = () => Promise.all([watch.look("directory"), watch.look()]);
    expect(await region.during(last)).toEqual(["dir/checkpoint", ...EVERYTHING]);
  });
});

describe("a directory whose key was followed by another since the last look at everything", () => {
  const { keys, line, origin, checkpoint, end } = ROTATION;

  it("is looked at under the policy that says so, and is no alarm in between", async () => {
    const region = new Region();
    region.now = (end + 1) * 1_000;
    region.policyText = `log ${keys.a}\nquorum none\n`;
    region.notes.set(origin, checkpoint.a);
    const { watch } = watchOf(region as unknown as LogServer, { clock: () => region.now });
    await watch.look();
    region.policyText = `quorum none\nlog ${keys.b}\n${line}\n`;
    region.notes.set(origin, checkpoint.b);
    const asked = await region.during(() => watch.look("directory"));
    expect(asked.filter((one) => !one.includes("tile"))).toEqual(["dir/checkpoint", "policy"]);
    expect([watch.alarm, watch.past, watch.failing]).toEqual([null, null, false]);
    expect(watch.policy?.keysOf(origin).length).toBe(2);
  });
});

describe("a tile that the browser keeps", () => {
  it("is asked for once, by whichever look needs it", async () => {
    const { region, watch } = await page();
    await region.show(ACTS, 310);
    await watch.look();
    await region.show(ACTS, 320);
    const asked = await region.during(() => watch.look());
    expect(asked.filter((one) => one.includes("tile"))).toEqual(["acts/tile/0/001.p/64"]);
  });

  it("of a history that was rewritten since hides no contradiction", async () => {
    const { region, watch } = await page();
    await region.show(ACTS, 310);
    await watch.look();
    await region.show(ACTS, 320, forged);
    await watch.look();
    expect(watch.alarm).toMatchObject({ code: "log-forked", lasting: true });
  });

  it("hides none of a proof that is carried here", async () => {
    const { region, watch } = await page();
    await region.show(ACTS, 310);
    await watch.look();
    region.log = forged;
    await expect(watch.agree(await noteOf(ACTS, 320, forged))).rejects.toThrow();
    expect(watch.alarm?.code).toBe("log-forked");
  });

  it("that came cut short is fetched anew, accuses nobody, and is whole from then on", async () => {
    const { region, watch } = await page();
    const { checked } = watch;
    await region.show(ACTS, 310);
    region.isCutShort = true;
    region.now += 1_000;
    await watch.look();
    expect([watch.alarm, watch.checked, watch.failing]).toEqual([null, checked, true]);
    region.isCutShort = false;
    await watch.look();
    expect([watch.alarm, watch.checked, watch.failing]).toEqual([null, region.now, false]);
    expect([...region.kept.values()].filter(({ length }) => length < 32)).toEqual([]);
  });
});

describe("of the log's files the browser keeps", () => {
  it("tiles alone, and those only where they are checked against what was signed", async () => {
    const sent: [string, RequestCache | undefined][] = [];
    const deps = {
      base: "",
      csrf: () => null,
      language: () => "es",
      fetch: async (url: string, { cache }: RequestInit) => {
        sent.push([url, cache]);
        return new Response("[]");
      },
    };
    const api = makeLogApi(deps, makeCall(deps), new Feed());
    await api.list();
    await api.policy();
    await api.checkpoint("dir");
    await api.file("dir", "tile/entries/000");
    await api.file("dir", "tile/0/000", "default");
    await api.file("dir", "tile/0/000", "reload");
    expect(sent).toEqual([
      ["/api/log", "no-store"],
      ["/api/log/policy", "no-store"],
      ["/api/log/dir/checkpoint", "no-store"],
      ["/api/log/dir/tile/entries/000", "no-store"],
      ["/api/log/dir/tile/0/000", "default"],
      ["/api/log/dir/tile/0/000", "reload"],
    ]);
  });
});
