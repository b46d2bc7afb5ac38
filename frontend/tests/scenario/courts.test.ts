/** A part of a thread carried to a court: what leaves, who has to look at it, and what a reader finds. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../src/crypto/content";
import { makeEngine } from "../../src/crypto/engine";
import { openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import { checkExport } from "../../src/verify/court/file";
import * as form from "../../src/verify/court/form";
import { NEIGHBOUR } from "./authority";
import {
  ask,
  begin,
  changed,
  codes,
  deviceOf,
  held,
  make,
  neighbourIn,
  own,
  row,
  said,
  TOOLS,
} from "./courtRoom";
import { give } from "./history";
import { at, say, seen } from "./said";
import { accepted, threadOf, until, World } from "./world";

let world: World;
beforeEach(async () => {
  world = await World.make();
});
afterEach(() => world.close());

/** What was posted of an export did not come there; then one of its two messages was taken back. */
async function takenBack() {
  const { ana, boris, circle, all, courts } = await begin(world);
  await say(ana, all, circle, "Llega el martes");
  const gone = await say(boris, all, circle, "Un error");
  await ask(ana, circle);
  courts.drops = true;
  await expect(make(ana)).rejects.toThrow();
  await boris.client.act(circle, gone, { kind: "withdraw" });
  await seen(all, circle, gone, ({ withdrawn }) => withdrawn !== undefined);
  return { ana, courts };
}

describe("an export of one's own State's words", () => {
  it("is of one piece, and shows who said what in which order", async () => {
    const { ana, boris, circle, all } = await begin(world);
    const first = await say(ana, all, circle, "Llega el martes");
    await ana.client.act(circle, first, { kind: "edit", text: "Llega el miércoles" });
    await seen(all, circle, first, ({ versions }) => versions !== undefined);
    await say(boris, all, circle, "Recibido", { answers: first });
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Llega el martes", "Recibido"]);
    expect(verdict.read?.bound).toBeGreaterThan(first);
    expect(verdict.made?.payload.bundle).toBe(row(ana).bundle);
    expect(verdict.wish?.court).toBe("Juzgado 3");
    expect(ana.errors).toEqual([]);
  });

  it("sends no word of it to the server", async () => {
    const { ana, circle, all } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    world.service.seen = [];
    await ask(ana, circle);
    await make(ana);
    expect(world.service.seen.join("\n")).not.toMatch(/Juzgado|Ficticia|martes/);
  });

  it("is checked by keys of the reader's own: by others it proves nothing", async () => {
    const { ana, circle, all } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    const file = await make(ana);
    const { policy } = await own(world);
    const other = Object.fromEntries(
      Object.keys(world.authority.roots).map((one) => [one, "A".repeat(43)]),
    );
    const verdict = await checkExport(file, { policy, roots: JSON.stringify(other) });
    expect(codes(verdict)).toContain("wish");
  });

  it("can be made again from what is kept, when the answer to its making was lost", async () => {
    const { ana, circle, all, courts } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    courts.loses = true;
    await expect(make(ana)).rejects.toThrow();
    courts.loses = false;
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(row(ana).bundle).toBe(verdict.made?.payload.bundle);
  });

  it("is made anew of what stands now, if words were taken back before it was posted", async () => {
    const { ana, courts } = await takenBack();
    courts.drops = false;
    const file = await make(ana);
    const verdict = await checkExport(file, await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Llega el martes"]);
    expect(held(verdict)).toContain("withdrawn");
  });

  it("is the one that the log has, if what was posted first came there late", async () => {
    const { ana, courts } = await takenBack();
    Object.assign(courts, { drops: false, isLate: true });
    await expect(make(ana)).rejects.toMatchObject({ code: "export-over" });
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(verdict.made?.payload.bundle).toBe(row(ana).bundle);
  });

  it("is made of numbers that a device used twice: what is in order is the log's to say", async () => {
    world.engine = async (check) => {
      const engine = await makeEngine(check);
      const { encrypt } = engine;
      engine.encrypt = async (state, plaintext, aad) => {
        const again = sealEnvelope({ ...openEnvelope(plaintext), counter: 1 });
        return encrypt.call(engine, state, again, aad);
      };
      return engine;
    };
    const { ana, circle, all } = await begin(world);
    for (const text of ["Uno", "Dos"]) await say(ana, all, circle, text);
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Uno", "Dos"]);
  });

  it("says of what went by while a device was out of the group that it could not be read", async () => {
    const { ana, boris, circle, all } = await begin(world);
    await say(ana, all, circle, "Uno");
    await boris.client.renewKeys(circle);
    const old = boris.disk.snapshot();
    await boris.client.send(circle, "olvidado");
    await until("read", async () => (await accepted(ana.client, circle)).includes("olvidado"));
    boris.kill();
    boris.disk.restore(old);
    await boris.reopen();
    await say(boris, all, circle, "aquí estoy");
    const found = await boris.client.exports.survey(circle, 0, Date.now() + 60_000);
    expect(found?.held.get("unreadable")).toBe(1);
  });

  it("is not looked for without end in a log of which a host tells the same part again", async () => {
    let again = false;
    const api = world.service.api.bind(world.service);
    world.service.api = (person) => {
      const made = api(person);
      const log: typeof made.log = (thread, after, limit) =>
        again ? made.log(thread, 0, 1) : made.log(thread, after, limit);
      return { ...made, log };
    };
    const { ana, circle, all } = await begin(world);
    for (const text of ["Uno", "Dos"]) await say(ana, all, circle, text);
    again = true;
    const looked = ana.client.exports.survey(circle, 0, Date.now() + 60_000);
    await expect(looked).rejects.toMatchObject({ code: "export-range" });
  });

  it("is posted as it was, if nothing was taken back", async () => {
    const { ana, circle, all, courts } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    let written = 0;
    const pdf: typeof TOOLS.pdf = async (verdict) => {
      written += 1;
      return TOOLS.pdf(verdict);
    };
    courts.drops = true;
    await expect(ana.client.exports.make(row(ana), { ...TOOLS, pdf })).rejects.toThrow();
    courts.drops = false;
    await ana.client.exports.make(row(ana), { ...TOOLS, pdf });
    expect(written).toBe(1);
  });
});

describe("an export by somebody who came later", () => {
  /** Carla comes in after something was said, and says something herself. */
  async function lateIn() {
    const { ana, circle, caseId, all } = await begin(world);
    await say(ana, all, circle, "Antes");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, [circle]);
    await until("carla is in", () => threadOf(carla.client, circle)?.status === "active");
    await until("ana knows", async () =>
      (await ana.client.historyLacking(circle)).includes(carla.person),
    );
    await say(carla, [ana, carla], circle, "Después");
    return { ana, carla, circle };
  }

  it("begins where they came in, and is held to the log by what they have read since", async () => {
    const { carla, circle } = await lateIn();
    await ask(carla, circle);
    const verdict = await checkExport(await make(carla), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Después"]);
  });

  it("holds what was given to them as well, and the grant itself is no message", async () => {
    const { ana, carla, circle } = await lateIn();
    await give(ana, { ana, boris: ana, carla, circle, caseId: "" });
    await ask(carla, circle);
    const verdict = await checkExport(await make(carla), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Antes", "Después"]);
    expect(held(verdict).at(-1)).toBe("beside");
  });

  it("is not made of a log that a host tells them otherwise before they came", async () => {
    const { ana, carla, circle } = await lateIn();
    await give(ana, { ana, boris: ana, carla, circle, caseId: "" });
    const { log } = world.service.group(circle);
    const first = (await ask(carla, circle)).first;
    for (const [at, field] of [
      [first - 1, "chain"],
      [first, "body"],
    ] as const) {
      const entry = log.find(({ seq }) => seq === at);
      if (entry === undefined) throw new Error("no such entry");
      const was = entry[field];
      entry[field] = was.map((byte, place) => (place === 20 ? byte ^ 1 : byte));
      await expect(ask(carla, circle)).rejects.toMatchObject({ code: "export-range" });
      entry[field] = was;
    }
    await ask(carla, circle);
  });
});

describe("an export over a time in which somebody went and came back", () => {
  it("holds, and has all that they said", async () => {
    const { ana, boris, circle, caseId, all } = await begin(world);
    await say(boris, all, circle, "Uno");
    await say(boris, all, circle, "Dos");
    await ana.client.removeReader(circle, boris.person);
    await until("he is out", () => threadOf(boris.client, circle)?.status !== "active");
    await ana.client.addPerson(caseId, boris.person, [circle]);
    await until("he is back", () => threadOf(boris.client, circle)?.status === "active");
    await say(boris, all, circle, "Tres");
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Uno", "Dos", "Tres"]);
  });
});

describe("a file that was changed", () => {
  it("is not what its list says; with a list made anew it is not what the log says was made", async () => {
    const { ana, circle, all } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    const file = await make(ana);
    const more = (text: string) => `${text} `;
    for (const [name, found] of [
      [form.PDF, ["made"]],
      [form.PAGE, ["made"]],
      [form.WISH, ["format"]],
    ] as const) {
      const plain = await checkExport(await changed(file, name, more, false), await own(world));
      expect(codes(plain)).toEqual(["file"]);
      const listed = await checkExport(await changed(file, name, more, true), await own(world));
      expect(codes(listed)).toEqual(found);
    }
  });

  it("is no export if the log counts another number of messages in the range", async () => {
    const { ana, circle, all, courts } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    courts.lies = ({ kind, payload }) =>
      kind === "custody.export.asked" ? { ...(payload as object), messages: 0 } : payload;
    await ask(ana, circle);
    await expect(make(ana)).rejects.toMatchObject({
      code: "export-unsound",
      params: { code: "range" },
    });
  });

  it("is no export if the log has another PDF", async () => {
    const { ana, boris, circle, all, courts } = await begin(world);
    await say(ana, all, circle, "Llega el martes");
    await say(boris, all, circle, "Recibido");
    courts.lies = ({ kind, payload }) =>
      kind === "custody.export.made" ? { ...(payload as object), pdf: "00" } : payload;
    await ask(ana, circle);
    await expect(make(ana)).rejects.toMatchObject({
      code: "export-unsound",
      params: { code: "made" },
    });
  });
});

describe("words of another State", () => {
  it("leave after somebody of the coordination has seen and signed the same wish", async () => {
    const { ana, circle, caseId, courts } = await begin(world);
    const mara = await neighbourIn(world, ana, caseId, circle);
    const chief = await world.device(world.authority.chief());
    await say(mara, [ana, mara], circle, "Cruzó la frontera");
    const found = await ask(ana, circle);
    expect(found.states).toEqual([NEIGHBOUR]);
    await expect(make(ana)).rejects.toMatchObject({ code: "export-over" });
    const [waiting] = await world.service.api(chief.person).exports();
    if (waiting === undefined) throw new Error("nothing waits");
    const wish = await chief.client.exports.open(waiting);
    expect(wish).toMatchObject({ court: "Juzgado 3", recipient: "Jueza Ficticia", leaves: 1 });
    if (wish === null) throw new Error("not sealed to the coordination");
    courts.devices.set(chief.person, deviceOf(world, chief));
    await chief.client.exports.agree(waiting, wish);
    await until("it may be made", async () => {
      const [now] = await world.service.api(ana.person).exports();
      return now?.step === "ready";
    });
    const [ready] = await world.service.api(ana.person).exports();
    if (ready === undefined) throw new Error("nothing is ready");
    const { file } = await ana.client.exports.make(ready, TOOLS);
    const verdict = await checkExport(file, await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(verdict.consenter?.person).toBe(chief.person);
    const to = (text: string) =>
      text.replace(/"consent":\{.*\},"format"/, '"consent":null,"format"');
    const without = await changed(file, form.WISH, to, true);
    expect(codes(await checkExport(without, await own(world)))).toEqual([
      "consent-missing",
      "made",
    ]);
  });
});

describe("restricted words", () => {
  const RESTRICTED = { handling: { codes: ["court" as const] } };

  it("do not leave without their author's leave, nor does what quotes them", async () => {
    const { ana, boris, circle, all } = await begin(world);
    const seq = await say(boris, all, circle, "Nombre del testigo", RESTRICTED);
    await say(ana, all, circle, "De acuerdo", { answers: seq });
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual([]);
    expect(
      held(verdict)
        .filter((why) => why !== "beside")
        .sort(),
    ).toEqual(["code", "quotes"]);
  });

  it("leave with it, in the very text that it was given for", async () => {
    const { ana, boris, circle, all } = await begin(world);
    const text = "Nombre del testigo";
    const seq = await say(boris, all, circle, text, RESTRICTED);
    const digest = await digestOf(text);
    const wish = { use: "court" as const, into: circle, states: ["SV"], reason: "Juicio", digest };
    await ana.client.act(circle, seq, { kind: "ask-leave", ...wish });
    await seen(all, circle, seq, ({ leaves }) => (leaves?.length ?? 0) > 0);
    const asked = (await at(boris, circle, seq))?.leaves?.[0];
    await boris.client.answerLeave(circle, asked?.seq ?? 0, { give: true });
    await seen(all, circle, seq, ({ leaves }) => leaves?.[0]?.given !== undefined);
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(said(verdict)).toEqual([text]);
    expect(codes(verdict)).toEqual([]);
    await boris.client.act(circle, seq, { kind: "edit", text: "Otro nombre" });
    await seen(all, circle, seq, ({ versions }) => versions !== undefined);
    const later = await ana.client.exports.survey(circle, 0, Date.now() + 60_000);
    expect(later?.held.get("code")).toBe(2);
  });

  it("of one's own leave by one's own word", async () => {
    const { ana, circle, all } = await begin(world);
    await say(ana, all, circle, "Nombre del testigo", RESTRICTED);
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own(world));
    expect(said(verdict)).toEqual(["Nombre del testigo"]);
  });
});
