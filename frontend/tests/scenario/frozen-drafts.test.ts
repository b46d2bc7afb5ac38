/** A drafting circle that must stop, and the draft that goes on from it. */

import { afterEach, describe, expect, it } from "vitest";
import { drafting, draftOf, reads, requestOf, summaryOf, watch, write } from "./drafting";
import { replaceLast } from "./hostile";
import { type Desk, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** A call that is on its way until it is let go; there is one of it. */
function gate(): [waits: Promise<void>[], go: () => void] {
  let go = () => {};
  const waits = new Promise<void>((resolve) => {
    go = resolve;
  });
  return [[waits], go];
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 1_000));
const frozen = (desk: Desk, id: string) => requestOf(desk, id)?.frozen ?? null;

/** The host spoils what Boris's browser said last, on its way to Ana's. */
async function stopped(whileAway: (desks: { ana: Desk; boris: Desk; id: string }) => unknown) {
  world = await World.make();
  const made = await drafting(world);
  const { ana, boris, id } = made;
  await write(ana, id, "dos");
  await reads(boris, id, "dos");
  await ana.client.giveTurn(id);
  world.service.fault = (_name, person) => (person === ana.person ? "request" : undefined);
  world.service.sockets.cut(ana.person);
  await until("offline", () => ana.client.view().connection === "offline");
  await whileAway(made);
  const circle = requestOf(ana, id)?.circle ?? "";
  await boris.client.renewKeys(circle);
  await replaceLast(world, circle, ({ body }) => ({ body: body.with(-1, (body.at(-1) ?? 0) ^ 1) }));
  world.service.fault = () => undefined;
  ana.client.network(true);
  await until("stopped", () => frozen(ana, id) !== null);
  return { ...made, circle };
}

describe("going on in a new draft", () => {
  it("begins with the newest version whose key this browser had, though its body came later", async () => {
    const { ana, boris, id, circle } = await stopped(({ boris: drafter, id: request }) =>
      write(drafter, request, "tres"),
    );
    expect(frozen(ana, id)).toMatchObject({ why: "commit-invalid", proof: "doubtful" });
    const next = await ana.client.continueDraft(id, "Registros bancarios (2)", [boris.person]);
    const { last } = watch(ana, next);
    await until("it is here", () => summaryOf(last()) === "tres");
    await until("saved", () => requestOf(ana, next)?.version === 1);
    expect(requestOf(ana, next)).toMatchObject({
      continues: circle,
      title: "Registros bancarios (2)",
    });
    await reads(boris, next, "tres");
    expect(requestOf(boris, next)?.continues).toBe(circle);
    expect(frozen(ana, id)?.continuedIn).toBe(requestOf(ana, next)?.circle);
  });

  it("keeps what this person had written and not saved", async () => {
    const { ana, boris, id } = await stopped(({ ana: writer, id: request }) => {
      writer.client.editDraft(request, draftOf("dos, y lo mío"));
      return writer.client.saveDrafts();
    });
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await reads(ana, next, "dos, y lo mío");
    await reads(boris, next, "dos, y lo mío");
    const { last } = watch(ana, id);
    expect(summaryOf(last())).toBe("dos, y lo mío");
  });

  it("keeps it aside where somebody's later version says something else", async () => {
    const { ana, boris, id } = await stopped(async ({ ana: writer, boris: other, id: request }) => {
      writer.client.editDraft(request, draftOf("lo mío"));
      await writer.client.saveDrafts();
      await write(other, request, "tres");
    });
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await reads(ana, next, "tres");
    expect(ana.client.setAside(next).map(({ draft }) => draft.facts)).toEqual([
      { summary: "lo mío" },
    ]);
  });

  it("takes no version that nobody announced in the circle", async () => {
    const { ana, boris, id } = await stopped(async ({ boris: drafter, id: request }) => {
      await write(drafter, request, "tres");
      world.service.requests.swap = (asked, version, asker) => {
        const [first] = world.service.requests.file(asked).versions;
        return version === 3 && asker === drafter.person ? undefined : first;
      };
    });
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await reads(ana, next, "dos");
    expect(ana.client.view().alarm).toBe("draft-altered");
  });

  it("takes over comments that were not sent, by an act for each", async () => {
    const { ana, boris, id, circle } = await stopped(({ ana: writer, id: request }) =>
      writer.client.comment(request, "facts", "¿Qué día?"),
    );
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await until("boris is in", () => requestOf(boris, next)?.status === "active");
    const [comment] = frozen(ana, id)?.unsent ?? [];
    expect(comment?.text).toBe("¿Qué día?");
    const into = requestOf(ana, next)?.circle ?? "";
    await ana.client.bringUnsent(circle, comment?.id ?? "", into);
    const { last } = watch(boris, next);
    await until("boris reads it", () => last()?.comments[0]?.text === "¿Qué día?");
    expect(frozen(ana, id)?.unsent).toEqual([]);
  });

  it("leaves its first turn to whoever goes on while the page is coming back", async () => {
    const { ana, boris, id } = await stopped(() => undefined);
    const { calls } = world.service;
    await ana.reopen();
    calls.length = 0;
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await until("saved", () => requestOf(ana, next)?.version === 1);
    await rest(); // the coming back is over by then
    expect(requestOf(ana, next)?.turn).toMatchObject({ mine: true });
    expect(calls).not.toContain("giveTurn");
  });

  it("leaves it to them also where the page comes back before the others are let in", async () => {
    const { ana, boris, id } = await stopped(() => undefined);
    await rest(); // the coming back from being stopped is over
    const { calls } = world.service;
    const [claims, go] = gate();
    world.service.held = (name, person) =>
      name === "claim" && person === ana.person ? claims.shift() : undefined;
    calls.length = 0;
    const going = ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await until("somebody is let in", () => claims.length === 0);
    world.service.sockets.cut(ana.person);
    // Coming back saves it, or waits for the act itself.
    for (let looks = 0; looks < 3 && !calls.includes("saveVersion"); looks += 1) await rest();
    await rest();
    go();
    const next = await going;
    await until("saved", () => requestOf(ana, next)?.version === 1);
    await until("theirs", () => requestOf(ana, next)?.turn?.mine === true);
    expect(calls).not.toContain("giveTurn");
  });

  it("is for nobody of another State, and for no stranger whom the host names", async () => {
    const { ana, boris, mexico, id } = await stopped(() => undefined);
    await ana.reopen();
    world.service.requests.lax = true;
    const next = await ana.client.continueDraft(id, "Otra vez", [boris.person]);
    await until("saved", () => requestOf(ana, next)?.version === 1);
    expect(requestOf(ana, next)?.turn).toMatchObject({ mine: true });
    const { row } = world.service.requests.file(next);
    row.people.push(mexico.person);
    world.service.sockets.changed([ana.person], next);
    await write(ana, next, "secreto");
    const roster = world.service.group(row.circle).roster.map(({ person }) => person);
    expect(new Set(roster)).toEqual(new Set([ana.person, boris.person]));
  });

  it("is not the draft of somebody else whose circle the host hands out", async () => {
    const { ana, boris, caseId, id } = await stopped(() => undefined);
    const other = await ana.client.draftRequest(caseId, "Otro", draftOf("otro"), []);
    const known = world.service.requests.file(other);
    world.service.requests.disguise = (row, asker) =>
      asker === ana.person && row.id !== id && row.id !== other
        ? { ...row, circle: known.row.circle }
        : row;
    await expect(ana.client.continueDraft(id, "Otra vez", [boris.person])).rejects.toMatchObject({
      code: "thread-not-found",
    });
  });
});
