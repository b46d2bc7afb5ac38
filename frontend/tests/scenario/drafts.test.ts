import { afterEach, describe, expect, it } from "vitest";
import { accepted, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("a draft", () => {
  it("is kept while somebody writes without a pause", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const end = Date.now() + 1_500;
    let text = "";
    while (Date.now() < end) {
      text += "a";
      ana.client.setDraft(circle, text);
      // Quicker than the pause that otherwise writes it down (400 ms, a hundredth here).
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(threadOf(ana.client, circle)?.draft).not.toBe("");
  });

  it("is written down at once when the page is about to go", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a medias");
    await ana.client.saveDrafts();
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
  });

  it("is the same in two tabs, and goes in both when one sends it", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const other = await ana.tab();
    ana.client.setDraft(circle, "en dos pestañas");
    await until("the other shows it", () => threadOf(other, circle)?.draft === "en dos pestañas");
    await other.send(circle, "en dos pestañas");
    await until("gone in both", () =>
      [ana.client, other].every((client) => threadOf(client, circle)?.draft === ""),
    );
    await until("it arrives", async () => (await accepted(ana.client, circle)).length === 1);
    await other.close();
  });

  it("of another text in another tab stays when one tab sends its own", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const other = await ana.tab();
    ana.client.setDraft(circle, "lo mío");
    await ana.client.saveDrafts();
    other.setDraft(circle, "otra cosa");
    await other.saveDrafts();
    await until("shared", () => threadOf(ana.client, circle)?.draft === "otra cosa");
    await ana.client.send(circle, "lo mío");
    await until("sent", async () => (await accepted(other, circle)).length === 1);
    expect(threadOf(other, circle)?.draft).toBe("otra cosa");
    await other.close();
  });

  it("does not stand again when the time to keep it comes while its message is being kept", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    for (let steps = 0; steps < 40; steps += 1) {
      const text = `dicho ${steps}`;
      ana.client.setDraft(circle, text);
      const sent = ana.client.send(circle, text);
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await Promise.all([sent, ana.client.saveDrafts()]);
      expect(threadOf(ana.client, circle)?.draft, `after ${steps} steps`).toBe("");
    }
  });

  it("goes on being kept where somebody writes on while its first words are being kept", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a");
    const first = ana.client.saveDrafts();
    ana.client.setDraft(circle, "a medias");
    await Promise.all([first, ana.client.saveDrafts()]);
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
  });

  it("keeps the terms that were chosen for it through a reload, until it is sent", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const along = { answers: 3, handling: { codes: ["lawful"] }, asks: true } as const;
    ana.client.setDraft(circle, "con reserva");
    ana.client.setAlong(circle, along);
    await ana.client.saveDrafts();
    await ana.reopen();
    expect(threadOf(ana.client, circle)).toMatchObject({ draft: "con reserva", along });
    await ana.client.send(circle, "con reserva");
    expect(threadOf(ana.client, circle)).toMatchObject({ draft: "", along: {} });
  });

  it("shows another tab under which terms it is written", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const other = await ana.tab();
    ana.client.setAlong(circle, { urgent: true });
    await until("the other knows", () => threadOf(other, circle)?.along.urgent === true);
    await other.close();
  });

  it("waits with its terms while a message is given another text, which is kept as well", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    await ana.client.send(circle, "dicho");
    const said = async () => (await ana.client.lines(circle)).find((one) => one.kind === "message");
    await until("it stands", async () => {
      const line = await said();
      return line?.kind === "message" && line.message.seq !== null;
    });
    const line = await said();
    const seq = (line?.kind === "message" && line.message.seq) || 0;
    const handling = { codes: ["lawful"] } as const;
    ana.client.setDraft(circle, "a medias");
    ana.client.setAlong(circle, { handling });
    ana.client.setEdit(circle, { seq, text: "dicho m" });
    await ana.client.saveDrafts();
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.edit).toEqual({ seq, text: "dicho m" });
    await ana.client.act(circle, seq, { kind: "edit", text: "dicho mejor" });
    expect(threadOf(ana.client, circle)).toMatchObject({ draft: "a medias", along: { handling } });
    expect(threadOf(ana.client, circle)?.edit).toBeNull();
  });

  it("of something else than a message is kept by what it is for, until it is sent", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setTyped(circle, "comment/facts", "¿Qué día?");
    ana.client.setTyped(circle, "note", "a medias");
    expect(ana.client.typed(circle, "comment/facts")).toBe("¿Qué día?");
    await ana.client.saveDrafts();
    await ana.reopen();
    expect(ana.client.typed(circle, "comment/facts")).toBe("¿Qué día?");
    ana.client.setTyped(circle, "comment/facts", "");
    await ana.client.saveDrafts();
    await ana.reopen();
    expect(ana.client.typed(circle, "comment/facts")).toBe("");
    expect(ana.client.typed(circle, "note")).toBe("a medias");
  });

  it("is never there without the terms that were chosen for it", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const other = await ana.tab();
    const handling = { codes: ["court"] } as const;
    const seen: unknown[] = [];
    other.subscribe(() => {
      const thread = threadOf(other, circle);
      if (thread?.draft === "con reserva") seen.push(thread.along.handling);
    });
    ana.client.setDraft(circle, "con reserva");
    ana.client.setAlong(circle, { handling });
    await until("the other shows it", () => threadOf(other, circle)?.draft === "con reserva");
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(handling)]),
    );
    await other.close();
  });

  it("that is typed on while the one before is being kept has what was chosen for it", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const along = { handling: { codes: ["court"] } } as const;
    ana.client.setDraft(circle, "uno");
    ana.client.setAlong(circle, along);
    await ana.client.saveDrafts();
    const sent = ana.client.send(circle, "uno");
    ana.client.setDraft(circle, "dos");
    await sent;
    await ana.client.saveDrafts();
    expect(threadOf(ana.client, circle)).toMatchObject({ draft: "dos", along });
  });

  it("stays where words of another dialog are sent into its thread", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const along = { handling: { codes: ["court"] } } as const;
    ana.client.setDraft(circle, "mañana llamo");
    ana.client.setAlong(circle, along);
    await ana.client.saveDrafts();
    await ana.client.send(circle, "no es competencia nuestra", undefined, { apart: true });
    expect(threadOf(ana.client, circle)).toMatchObject({ draft: "mañana llamo", along });
  });

  it("of which a batch failed is written with the next one", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.disk.crashAt = { write: ana.disk.writes + 1, after: false };
    ana.client.setDraft(circle, "a medias");
    await ana.client.saveDrafts().catch(() => undefined);
    ana.disk.powerOn();
    await ana.client.saveDrafts();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
    ana.errors.length = 0;
  });

  it("of which a batch failed is tried again without another key, and that is not told each time", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    // Whatever else would write has written: new keys, and the index of what is searched.
    await until("keys are new", () => world.service.group(circle).epoch > 1);
    await ana.client.search({ text: "nada", limit: 1 });
    const [told, written] = [ana.errors.length, ana.disk.writes];
    ana.disk.crashAt = { write: written + 1, after: false };
    ana.client.setDraft(circle, "a medias");
    await until("it was tried", () => ana.disk.writes >= written + 6);
    ana.disk.powerOn();
    await until("it is kept", () => threadOf(ana.client, circle)?.draft === "a medias");
    expect(ana.errors.length - told).toBeGreaterThan(0);
    expect(ana.errors.length - told).toBeLessThan(5);
  });
});
