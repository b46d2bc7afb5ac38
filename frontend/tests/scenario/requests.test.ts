import { afterEach, describe, expect, it } from "vitest";
import { CANARY, drafting, draftOf, reads, requestOf, summaryOf, watch, write } from "./drafting";
import { threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("a request", () => {
  it("is begun with its draft, which its drafters read and nobody else", async () => {
    world = await World.make();
    world.service.seen = [];
    const { ana, boris, mexico, id } = await drafting(world);
    await write(ana, id, CANARY);
    await reads(boris, id, CANARY);
    expect(requestOf(boris, id)).toMatchObject({
      title: "Registros bancarios",
      requestingState: "SV",
      requestedState: "MX",
      stage: "draft",
      version: 2,
      drafter: ana.person,
    });
    expect(mexico.client.view().requests).toEqual([]);
    const { circle } = requestOf(ana, id) ?? { circle: "" };
    expect(
      world.service
        .group(circle)
        .roster.map(({ person }) => person)
        .sort(),
    ).toEqual([ana.person, boris.person].sort());
    expect(threadOf(ana.client, circle)).toBeUndefined();
    expect(world.service.seen.join("\n")).not.toContain(CANARY);
    expect(world.service.seen.join("\n")).not.toContain("Registros bancarios");
    expect([ana.errors, boris.errors, mexico.errors]).toEqual([[], [], []]);
  });

  it("is edited in turns", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await expect(boris.client.takeTurn(id)).rejects.toMatchObject({ code: "turn-taken" });
    await ana.client.giveTurn(id);
    const shown = watch(ana, id);
    await reads(boris, id, "uno");
    await write(boris, id, "dos");
    await until("ana sees it", () => summaryOf(shown.last()) === "dos");
    expect(requestOf(ana, id)?.turn).toMatchObject({ person: boris.person, mine: false });
    await boris.client.giveTurn(id);
    await write(ana, id, "tres");
    await reads(boris, id, "tres");
    expect((await boris.client.versions(id)).map(({ person }) => person)).toEqual([
      ana.person,
      boris.person,
      ana.person,
    ]);
    expect((await boris.client.version(id, 2))?.facts).toEqual({ summary: "dos" });
    expect([ana.errors, boris.errors]).toEqual([[], []]);
  });

  it("is looked at anew with every eighth heartbeat: a doorbell may be lost", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.giveTurn(id); // who has it is asked for as long as somebody does
    await ana.client.close();
    const looks = () => world.service.calls.filter((name) => name === "requests").length;
    let before = -1;
    while (before !== looks()) {
      before = looks(); // what follows from the beginning is over
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    for (let beat = 0; beat < 8; beat += 1) world.service.tellHeads();
    await until("boris has looked", () => looks() > before);
    expect(boris.errors).toEqual([]);
  });

  it("keeps what is typed through a reload, and saves it after a pause", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    ana.client.editDraft(id, draftOf("a medias"));
    await until("it is on the disk", () => requestOf(ana, id)?.dirty === true);
    await ana.reopen();
    await reads(ana, id, "a medias");
    await until("it is saved by itself", () => requestOf(ana, id)?.version === 2);
    await reads(boris, id, "a medias");
    await until("nothing is left to save", () => requestOf(ana, id)?.dirty === false);
  });

  it("keeps edits on the device when the turn is lost, and says so", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const shown = watch(ana, id);
    await ana.client.giveTurn(id);
    ana.client.editDraft(id, draftOf("sin turno"));
    await until("it is said", () => shown.last()?.error === "turn-needed");
    expect(shown.last()).toMatchObject({ dirty: true, saving: "failed", base: 1 });
    await boris.client.takeTurn(id);
    await until("ana knows", () => requestOf(ana, id)?.turn?.person === boris.person);
    await expect(ana.client.saveDraft(id)).rejects.toMatchObject({ code: "turn-taken" });
    await boris.client.giveTurn(id);
    await ana.client.takeTurn(id);
    await until("it is saved", () => shown.last()?.dirty === false);
    await reads(boris, id, "sin turno");
  });

  it("keeps the turn of whoever writes or walks elsewhere, until the session ends", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const shown = watch(ana, id);
    await ana.client.takeTurn(id);
    ana.client.editDraft(id, draftOf("escribo"));
    const { row } = world.service.requests.file(id);
    const first = row.turn?.until;
    await until("it is renewed", () => row.turn !== null && row.turn.until !== first);
    ana.client.editDraft(id, draftOf("escribo más"));
    shown.stop();
    await reads(boris, id, "escribo más");
    const later = row.turn?.until;
    await until("it is renewed from elsewhere", () => row.turn?.until !== later);
    await expect(boris.client.takeTurn(id)).rejects.toMatchObject({ code: "turn-taken" });
    const again = watch(ana, id);
    expect(again.last()).toMatchObject({ turnLost: false });
    ana.client.editDraft(id, draftOf("sigo"));
    await until("it is saved", () => again.last()?.dirty === false);
    await ana.client.signIn.out();
    await until("it is given back", () => requestOf(boris, id)?.turn === null);
  });

  it("keeps no turn of what somebody authorised meanwhile, and complains of none", async () => {
    world = await World.make();
    const { ana, id } = await drafting(world);
    const { requests, sockets } = world.service;
    const shown = watch(ana, id);
    await ana.client.takeTurn(id);
    ana.client.editDraft(id, draftOf("escribo"));
    await ana.client.saveDraft(id);
    const { row } = requests.file(id);
    requests.disguise = (told) => ({ ...told, stage: "draft" }); // not heard of when it asks next
    row.stage = "authorised";
    const asked = requests.renewed;
    await until("it is refused", () => requests.renewed > asked);
    requests.disguise = (told) => told;
    sockets.changed([ana.person], id);
    await until("it is known", () => requestOf(ana, id)?.stage === "authorised");
    ana.client.editDraft(id, draftOf("escribo y sigo"));
    await until("it is said", () => shown.last()?.error === "stage-closed");
    expect(ana.errors).toEqual([]);
    row.stage = "returned";
    sockets.changed([ana.person], id);
    await until("it came back", () => requestOf(ana, id)?.stage === "returned");
    await ana.client.takeTurn(id);
    await until("what was typed is saved", () => requestOf(ana, id)?.dirty === false);
  });

  it("tells whoever lost the turn, who takes it again with the text kept", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.takeTurn(id);
    const shown = watch(ana, id);
    ana.client.editDraft(id, draftOf("a medias"));
    await ana.client.saveDraft(id);
    ana.client.editDraft(id, draftOf("a medias y algo más"));
    shown.stop();
    world.service.requests.file(id).row.turn = null;
    world.service.sockets.changed([ana.person], id);
    await until("it is known", () => requestOf(ana, id)?.turn === null);
    const back = watch(ana, id);
    expect(back.last()).toMatchObject({ turnLost: true });
    expect(summaryOf(back.last())).toBe("a medias y algo más");
    await ana.client.takeTurn(id);
    await until("it is theirs", () => back.last()?.turnLost === false);
    await until("it is saved", () => back.last()?.dirty === false);
    await reads(boris, id, "a medias y algo más");
    await ana.client.giveTurn(id);
    expect(back.last()).toMatchObject({ turnLost: false });
  });

  it("is one text in two tabs of one person", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const second = await ana.tab();
    const there = watch({ ...ana, client: second }, id);
    const here = watch(ana, id);
    ana.client.editDraft(id, draftOf("de la primera"));
    await until("the second shows it", () => summaryOf(there.last()) === "de la primera");
    await ana.client.saveDraft(id);
    await until("it is saved", () => here.last()?.dirty === false && here.last()?.base === 2);
    await until("the second knows", () => there.last()?.base === 2 && !there.last()?.dirty);
    second.editDraft(id, draftOf("de la segunda"));
    await second.saveDraft(id);
    await until("the first shows it", () => summaryOf(here.last()) === "de la segunda");
    await reads(boris, id, "de la segunda");
    await until("the first knows", () => (requestOf(ana, id)?.version ?? 0) > 2);
    expect(requestOf(ana, id)?.version).toBe(3);
    await second.close();
  });

  it("has a comment in its field no more once that is sent, after a crash either", async () => {
    world = await World.make();
    const { ana, id, circle } = await drafting(world).then((made) => ({
      ...made,
      circle: requestOf(made.ana, made.id)?.circle ?? "",
    }));
    ana.client.setTyped(circle, "comment/facts", "¿Qué día?");
    await ana.client.saveDrafts();
    await ana.client.comment(id, "facts", "¿Qué día?");
    expect(ana.client.typed(circle, "comment/facts")).toBe("");
    await ana.reopen();
    expect(ana.client.typed(circle, "comment/facts")).toBe("");
  });
});
