/** Who reads a draft and who does not, and what a lying server can do about it. */

import { afterEach, describe, expect, it } from "vitest";
import type { AttestationRow } from "../../src/api/schema";
import { Book, type Document } from "../../src/rules/book";
import { loadBook } from "../../src/rules/load";
import {
  drafting,
  draftOf,
  lenient,
  reads,
  refusedVersion,
  requestOf,
  summaryOf,
  watch,
  write,
} from "./drafting";
import { threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

describe("a drafter who comes later", () => {
  it("reads the newest version and what follows, and no older one", async () => {
    world = await World.make();
    const { ana, boris, caseId, id } = await drafting(world);
    await write(ana, id, "dos");
    await write(ana, id, "tres");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    await ana.client.addDrafter(id, carla.person);
    await reads(carla, id, "tres");
    expect(await carla.client.version(id, 1)).toBeNull();
    await ana.client.giveTurn(id);
    await write(carla, id, "cuatro");
    await reads(boris, id, "cuatro");
    expect(carla.client.view().alarm).toBeNull();
  });

  it("reads it also when the one who let them in had to begin anew", async () => {
    world = await World.make();
    const { ana, caseId, id } = await drafting(world);
    await write(ana, id, "dos");
    const carla = await world.person();
    await ana.client.addPerson(caseId, carla.person, []);
    for (const crash of [1, 2, 3, 4]) {
      ana.disk.powerOn();
      ana.disk.crashAt = { write: crash, after: crash % 2 === 0 };
      const added = ana.client.addDrafter(id, carla.person).catch(() => undefined);
      await Promise.race([added, new Promise((resolve) => setTimeout(resolve, 300))]);
      await ana.reopen();
      await until("back", () => requestOf(ana, id)?.status === "active");
    }
    await ana.client.addDrafter(id, carla.person);
    await reads(carla, id, "dos");
  });

  it("is a second device of a drafter, too", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await write(ana, id, "dos");
    const second = await world.device(boris.person);
    await ana.reopen();
    await reads(second, id, "dos");
  });

  it("is nobody of another State, whoever asks", async () => {
    world = await World.make();
    const { ana, mexico, id } = await drafting(world);
    await expect(ana.client.addDrafter(id, mexico.person)).rejects.toMatchObject({
      code: "draft-own-state",
    });
    // Also not when the host lets them in, and calls them entitled.
    world.service.requests.lax = true;
    await ana.client.addDrafter(id, mexico.person);
    const { row } = world.service.requests.file(id);
    expect(row.people).toContain(mexico.person);
    await write(ana, id, "secreto");
    await ana.reopen();
    await until("ana is back", () => requestOf(ana, id)?.status === "active");
    await write(ana, id, "más");
    const roster = world.service.group(row.circle).roster.map(({ person }) => person);
    expect(roster).not.toContain(mexico.person);
  });
});

describe("a drafter who is removed", () => {
  it("reads no further version, also not from a server that would let them", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.removeDrafter(id, boris.person);
    await until("boris has no request", () => boris.client.view().requests.length === 0);
    await write(ana, id, "sin Boris");
    await expect(boris.client.version(id, 2)).rejects.toMatchObject({ code: "not-found" });
    const { row } = world.service.requests.file(id);
    row.people.push(boris.person);
    world.service.sockets.changed([boris.person], id);
    await until("boris sees the request", () => boris.client.view().requests.length === 1);
    expect(await boris.client.version(id, 2)).toBeNull();
  });
});

describe("comments", () => {
  it("stand beside their section for all drafters, and are resolved once", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const [a, b] = [watch(ana, id), watch(boris, id)];
    await ana.client.comment(id, "facts", "¿Qué día?");
    expect(a.last()?.comments).toMatchObject([{ text: "¿Qué día?", person: ana.person }]);
    await until("boris reads it", () => b.last()?.comments.length === 1);
    const [comment] = b.last()?.comments ?? [];
    await boris.client.resolveComment(id, comment?.id ?? "");
    await until("resolved", () => a.last()?.comments[0]?.resolved?.person === boris.person);
    expect(
      (await ana.client.lines(requestOf(ana, id)?.circle ?? "")).map(({ kind }) => kind),
    ).not.toContain("message");
  });
});

describe("a lying server", () => {
  async function twoVersions() {
    world = await World.make();
    const made = await drafting(world);
    await write(made.ana, made.id, "dos");
    await reads(made.boris, made.id, "dos");
    return made;
  }

  it("that hands out an older body as the newest is noticed", async () => {
    const { ana, boris, id } = await twoVersions();
    const { versions } = world.service.requests.file(id);
    const [first] = versions;
    if (first === undefined) throw new Error("no version");
    world.service.requests.swap = (_id, version) =>
      version === 3 ? { ...first, version: 3 } : undefined;
    await write(ana, id, "tres");
    const shown = watch(boris, id);
    await until("it is noticed", () => shown.last()?.error === "draft-altered");
    expect(summaryOf(shown.last())).toBe("dos");
    expect(boris.client.view().alarm).toBe("draft-altered");
    await expect(boris.client.version(id, 3)).rejects.toMatchObject({ code: "draft-altered" });
  });

  it("that changes a body is noticed, also when its digest fits", async () => {
    const { boris, id } = await twoVersions();
    const { versions } = world.service.requests.file(id);
    const [, second] = versions;
    if (second === undefined) throw new Error("no version");
    const body = second.body.with(20, (second.body[20] ?? 0) ^ 1);
    world.service.requests.swap = () => ({ ...second, body });
    await expect(boris.client.version(id, 2)).rejects.toMatchObject({ code: "draft-altered" });
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    world.service.requests.swap = () => ({ ...second, body, digest });
    // A body whose key nobody ever said opens for nobody.
    expect(await boris.client.version(id, 2)).toBeNull();
  });

  it("that hides versions from somebody who has heard of them is noticed", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    world.service.requests.disguise = (row, asker) =>
      asker === boris.person ? { ...row, version: 1 } : row;
    for (const summary of ["dos", "tres", "cuatro"]) await write(ana, id, summary);
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.error === "draft-rolled-back");
    expect(boris.client.view().alarm).toBe("draft-rolled-back");
  });

  it("that calls the drafting circle a thread brings nobody of another State into it", async () => {
    world = await World.make();
    const { ana, mexico, id, caseId } = await drafting(world);
    const { row } = world.service.requests.file(id);
    const { circle } = row;
    const file = world.service.cases.find(({ id: one }) => one === caseId);
    if (file === undefined) throw new Error("no case");
    file.threads.push({ circle, opened_at: row.opened_at, people: row.people, client_id: null });
    world.service.requests.hidden = true;
    await ana.reopen();
    expect(ana.client.view().requests).toEqual([]);
    expect(threadOf(ana.client, circle)).toBeUndefined();
    row.people.push(mexico.person);
    await ana.client.addPerson(caseId, mexico.person, [circle]).catch(() => undefined);
    await ana.client.renewKeys(circle).catch(() => undefined);
    const inside = world.service.group(circle).roster.map(({ person }) => person);
    expect(inside).not.toContain(mexico.person);
  });

  it("that forgets a version is noticed", async () => {
    const { boris, id } = await twoVersions();
    const shown = watch(boris, id);
    world.service.requests.disguise = (row, asker) =>
      asker === boris.person ? { ...row, version: 1 } : row;
    world.service.sockets.changed([boris.person], id);
    await until("it is noticed", () => shown.last()?.error === "draft-rolled-back");
    expect(summaryOf(shown.last())).toBe("dos");
    expect(boris.client.view().alarm).toBe("draft-rolled-back");
  });
});

describe("an attestation", () => {
  it("is checked by the others, who agree", async () => {
    world = await World.make();
    const mild = await lenient();
    world.book = async () => mild;
    const { ana, boris, id } = await drafting(world);
    const shown = watch(boris, id);
    ana.client.editDraft(id, draftOf("listo"));
    await ana.client.attest(id, true);
    await until("boris agrees", () => shown.last()?.attestation?.agrees === true);
    expect(requestOf(boris, id)).toMatchObject({
      stage: "ready",
      attested: { version: 2, person: ana.person, rulebook: (await loadBook()).version },
    });
    await ana.client.giveTurn(id);
    await write(boris, id, "otra cosa");
    expect(requestOf(boris, id)?.stage).toBe("draft");
  });

  it("is not made of a text that came after the version", async () => {
    world = await World.make();
    const mild = await lenient();
    let meanwhile = async (): Promise<void> => undefined;
    world.book = () => meanwhile().then(() => mild);
    const { ana, boris, id } = await drafting(world);
    await write(ana, id, "listo");
    await reads(boris, id, "listo");
    meanwhile = async () => {
      meanwhile = async () => undefined;
      ana.client.editDraft(id, draftOf("aún no"));
      await ana.client.giveTurn(id); // what was typed is on the disk then, and in no version
    };
    await expect(ana.client.attest(id, true)).rejects.toMatchObject({ code: "version-behind" });
    expect(world.service.requests.file(id).attestations).toEqual([]);
  });

  it("of a version that a rule forbids to be ready convinces nobody, whatever the server says", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const shown = watch(boris, id);
    await ana.client.attest(id, true);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-blocked");
  });

  it("is not stretched by a server that calls ready what nobody signed as ready", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.attest(id, false);
    world.service.requests.file(id).row.stage = "ready";
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-ready");
  });

  it.each([
    ["a liaison", "attestation-exception"],
    ["the coordinator", undefined],
  ])("that sets a blocking rule aside, signed by %s", async (who, why) => {
    world = await World.make();
    const book = await lenient("CHAN-CENTRAL");
    world.book = async () => book;
    const { ana, boris, caseId, id } = await drafting(world);
    const chief = await world.device(world.authority.chief());
    await ana.client.addPerson(caseId, chief.person, []);
    await ana.client.addDrafter(id, chief.person);
    const reason = "La ley del caso exige otra vía.";
    const overrides = [{ rule: "CHAN-CENTRAL", reason, by: ana.person }];
    ana.client.editDraft(id, { ...draftOf("listo"), overrides });
    await ana.client.saveDraft(id);
    await reads(chief, id, "listo");
    await (who === "a liaison" ? ana : chief).client.attest(id, true);
    const shown = watch(boris, id);
    await until("it is judged", () => shown.last()?.attestation !== null);
    const signer = (who === "a liaison" ? ana : chief).person;
    const verdict = { agrees: why === undefined, of: { version: 2, person: signer } };
    expect(shown.last()?.attestation).toMatchObject({ ...verdict, ...(why && { why }) });
  });

  it("is not stretched by a stage that comes after being ready", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.attest(id, false);
    world.service.requests.file(id).row.stage = "authorised";
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-ready");
    expect(requestOf(boris, id)?.stage).toBe("authorised");
  });

  it("is looked for at a stage that this build does not know, which is shown as that", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.attest(id, false);
    world.service.requests.file(id).row.stage = "as-good-as-ready";
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-ready");
    expect(requestOf(boris, id)?.stage).toBe("unknown");
  });

  it("speaks of no newer version, although the server calls that one ready too", async () => {
    world = await World.make();
    const mild = await lenient();
    world.book = async () => mild;
    const { ana, boris, id } = await drafting(world);
    const shown = watch(boris, id);
    ana.client.editDraft(id, draftOf("listo"));
    await ana.client.attest(id, true);
    await until("boris agrees", () => shown.last()?.attestation?.agrees === true);
    await write(ana, id, "otra cosa");
    const { row } = world.service.requests.file(id);
    row.stage = "ready";
    world.service.sockets.changed([boris.person], id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-ready");
  });

  it("is shown as that of whoever signed it, whomever the server names", async () => {
    world = await World.make();
    const mild = await lenient();
    world.book = async () => mild;
    const { ana, boris, id } = await drafting(world);
    ana.client.editDraft(id, draftOf("listo"));
    await ana.client.attest(id, true);
    const { row } = world.service.requests.file(id);
    if (row.attested === null) throw new Error("nothing attested");
    row.attested = { ...row.attested, person: boris.person };
    const shown = watch(boris, id);
    await until("boris agrees", () => shown.last()?.attestation?.agrees === true);
    expect(shown.last()?.attestation?.of?.person).toBe(ana.person);
  });

  it("by the law of a day long ago is judged by that of its signature", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    ana.client.editDraft(id, { ...draftOf("listo"), law_date: "1950-01-01" });
    await ana.client.attest(id, true);
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-blocked");
  });

  it("by rules that somebody tampered with is noticed", async () => {
    world = await World.make();
    const other = await altered();
    world.book = async () => other;
    const { ana, boris, id } = await drafting(world);
    world.book = loadBook;
    await boris.reopen();
    await ana.client.attest(id, false);
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-results");
    expect(shown.last()?.attestation?.agrees).toBe(false);
  });

  it("of a body that the server exchanged for another of the same author is noticed", async () => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    const { requests } = world.service;
    const kept = await refusedVersion(world, ana, id, "retirado");
    await write(ana, id, "definitivo");
    await ana.client.attest(id, false);
    requests.swap = (_id, version) => (version === 2 ? kept : undefined);
    requests.disguised = (rows) =>
      rows.map((row) => (row.version === 2 ? { ...row, digest: kept.digest } : row));
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-commitment");
    expect(boris.client.view().alarm).toBeNull();
    // And by whoever goes on from what the author really saved, attested or not.
    await write(ana, id, "más");
    await until("noticed again", () => boris.client.view().alarm === "draft-altered");
  });

  it.each<[string, (said: AttestationRow) => Partial<AttestationRow>]>([
    ["results", (said) => ({ results: turned(said.results) })],
    ["word that it is ready", () => ({ ready: true })],
    ["exceptions", () => ({ overridden: ["AIDE-MEMOIRE"] })],
    ["disclosed facts", (said) => ({ disclosed: turned(said.disclosed) })],
  ])("whose %s the server changed is noticed by its signature", async (_, change) => {
    world = await World.make();
    const { ana, boris, id } = await drafting(world);
    await ana.client.attest(id, false);
    const file = world.service.requests.file(id);
    const [said] = file.attestations;
    if (said === undefined) throw new Error("no attestation");
    Object.assign(said, change(said));
    if (said.ready) file.row.stage = "ready";
    const shown = watch(boris, id);
    await until("noticed", () => shown.last()?.attestation?.why === "attestation-signature");
  });
});

const turned = (bytes: Uint8Array) => bytes.with(0, (bytes[0] ?? 0) ^ 1);

/** A rulebook that claims to be the true one and has one rule the other way round. */
async function altered(): Promise<Book> {
  const book = await loadBook();
  const document: Document = {
    ...book.document,
    rules: book.document.rules.map((rule) => ({
      ...rule,
      test: rule.test.map(({ cel, needs }) => ({ cel: `!(${cel})`, needs })),
    })),
  };
  return new Book(document, book.version);
}
