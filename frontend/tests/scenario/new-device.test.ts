import { afterEach, describe, expect, it } from "vitest";
import { b64u } from "../../src/bytes";
import { deviceFields } from "../../src/crypto/deviceStatement";
import { generateDeviceKeys } from "../../src/crypto/keys";
import { instantText, signStatement } from "../../src/crypto/statements";
import { STATE } from "./authority";
import { texts, until, World } from "./world";

const DAY = 24 * 3_600_000;
let world: World;
afterEach(() => world.close());

/** A person at their device, and in a second browser that asks. */
async function asking() {
  world = await World.make();
  const first = await world.person();
  const second = await world.browser(first.person);
  await until("the device is told", () => first.client.view().devices.asked.length === 1);
  return { first, second };
}

/** Name a device in the person's name, from nowhere that they know. */
async function strangeDevice(person: string, ends = Date.now() + 100 * DAY) {
  const made = await generateDeviceKeys();
  const named = {
    device: crypto.randomUUID(),
    serial: crypto.randomUUID(),
    person,
    signatureKey: made.signaturePublic,
    historyKey: made.historyPublic,
    from: Date.now() - 3_600_000,
    until: ends,
  };
  const seed = world.authority.identity.get(person) ?? new Uint8Array(32);
  const head = { issued: instantText(Date.now()), state: STATE };
  const statement = await signStatement("device", { ...head, ...deviceFields(named) }, [seed]);
  world.service.registry.add(person, statement);
  return named;
}

describe("A browser of somebody who has a device", () => {
  it("is no device, and shows the words that the device shows", async () => {
    const { first, second } = await asking();
    const view = second.client.view();
    expect(view.session.device).toBeNull();
    expect(view.asking).toMatchObject({ state: "asking" });
    expect(view.asking?.words).toHaveLength(6);
    const [asked] = first.client.view().devices.asked;
    expect(asked?.words).toEqual(view.asking?.words);
    expect(asked?.code).toBe(view.asking?.code);
    expect(world.service.registry.of(first.person)).toHaveLength(1);
  });

  it("becomes one when the device confirms, and reads what comes then", async () => {
    const { first, second } = await asking();
    const circle = await first.client.openCase(["SV"], "Caso Río");
    void circle;
    const [asked] = first.client.view().devices.asked;
    if (asked === undefined) throw new Error("nothing asked");
    await first.client.confirmDevice(asked.id, asked.words);
    await until("it works", () => second.client.view().session.device !== null);
    expect(second.client.view().asking).toBeNull();
    const caseId = await first.client.openCase(["SV"], "Caso Lempa");
    const thread = await first.client.openThread(caseId, "Traslado", []);
    await until("it is in", () =>
      second.client
        .view()
        .cases.some(({ threads }) =>
          threads.some((one) => one.circle === thread && one.status === "active"),
        ),
    );
    await first.client.send(thread, "para los dos");
    await until("it reads", async () =>
      (await texts(second.client, thread)).includes("para los dos"),
    );
  });

  it("does not ring where it was confirmed", async () => {
    const { first, second } = await asking();
    const [asked] = first.client.view().devices.asked;
    if (asked === undefined) throw new Error("nothing asked");
    await first.client.confirmDevice(asked.id, asked.words);
    await until("it works", () => second.client.view().session.device !== null);
    expect(first.client.view().devices.strange).toEqual([]);
    expect(second.client.view().devices.strange).toEqual([]);
  });

  it("hears that it was refused, and may ask with other words", async () => {
    const { first, second } = await asking();
    const words = second.client.view().asking?.words;
    await first.client.refuseDevice(first.client.view().devices.asked[0]?.id ?? "");
    await until("it hears", () => second.client.view().asking?.state === "refused");
    expect(first.client.view().devices.asked).toEqual([]);
    await second.client.askAnew();
    expect(second.client.view().asking?.state).toBe("asking");
    expect(second.client.view().asking?.words).not.toEqual(words);
  });

  it("goes on with the same words after a reload", async () => {
    const { first, second } = await asking();
    const before = second.client.view().asking?.words;
    await second.reopen();
    expect(second.client.view().asking?.words).toEqual(before);
    await until("asked once", () => first.client.view().devices.asked.length === 1);
    const [asked] = first.client.view().devices.asked;
    if (asked === undefined) throw new Error("nothing asked");
    await first.client.confirmDevice(asked.id, asked.words);
    await until("it works", () => second.client.view().session.device !== null);
  });

  it("is not confirmed with other keys than the words on the screen were of", async () => {
    const { first } = await asking();
    const [asked] = first.client.view().devices.asked;
    if (asked === undefined) throw new Error("nothing asked");
    const other = crypto.getRandomValues(new Uint8Array(32));
    world.service.registry.requests.swap = (row) => ({ ...row, signature_key: other });
    world.service.sockets.devices(first.person);
    await until("other words", () => {
      const [now] = first.client.view().devices.asked;
      return now !== undefined && now.words.join() !== asked.words.join();
    });
    await expect(first.client.confirmDevice(asked.id, asked.words)).rejects.toMatchObject({
      code: "device-request-over",
    });
  });

  it("is an alarm once its keys are others under the same asking, and never one that merely asks", async () => {
    const { first } = await asking();
    const [asked] = first.client.view().devices.asked;
    if (asked === undefined) throw new Error("nothing asked");
    expect(asked.swapped).toBe(false);
    const other = crypto.getRandomValues(new Uint8Array(32));
    world.service.registry.requests.swap = (row) => ({ ...row, history_key: other });
    world.service.sockets.devices(first.person);
    await until("it is seen", () => first.client.view().devices.asked[0]?.swapped === true);
    const [now] = first.client.view().devices.asked;
    for (const words of [asked.words, now?.words ?? []]) {
      await expect(first.client.confirmDevice(asked.id, words)).rejects.toMatchObject({
        code: "device-request-over",
      });
    }
    // The old keys again: what this host shows under that asking is worth nothing any more.
    world.service.registry.requests.swap = null;
    world.service.sockets.devices(first.person);
    await until("the old words", () => {
      const [again] = first.client.view().devices.asked;
      return again?.words.join() === asked.words.join();
    });
    expect(first.client.view().devices.asked[0]?.swapped).toBe(true);
  });

  it("is an alarm, too, where the same keys are said to be another device's", async () => {
    const { first } = await asking();
    world.service.registry.requests.swap = (row) => ({ ...row, device: crypto.randomUUID() });
    world.service.sockets.devices(first.person);
    await until("it is seen", () => first.client.view().devices.asked[0]?.swapped === true);
  });

  it("is no alarm where it asks anew with other keys", async () => {
    const { first, second } = await asking();
    await second.client.askAnew();
    await until("both words agree", () => {
      const [asked] = first.client.view().devices.asked;
      return asked?.words.join() === second.client.view().asking?.words.join();
    });
    expect(first.client.view().devices.asked).toMatchObject([{ swapped: false }]);
  });

  it("waits while another browser asks", async () => {
    const { first } = await asking();
    const third = await world.browser(first.person);
    expect(third.client.view().asking?.state).toBe("busy");
  });
});

describe("A device that came by itself", () => {
  it("is an alarm on every other device, until its person says that it is theirs", async () => {
    world = await World.make();
    const first = await world.person();
    await until("it has looked", () => first.client.view().devices.holdsKey);
    await until("its own is known", async () => (await first.client.devices()).length === 1);
    const named = await strangeDevice(first.person);
    await until("it rings", () => first.client.view().devices.strange.length === 1);
    expect(first.client.view().devices.strange[0]?.device).toBe(named.device);
    await first.client.recogniseDevice(named.device);
    expect(first.client.view().devices.strange).toEqual([]);
  });

  it("still rings after a reload", async () => {
    world = await World.make();
    const first = await world.person();
    await until("its own is known", async () => (await first.client.devices()).length === 1);
    await strangeDevice(first.person);
    await until("it rings", () => first.client.view().devices.strange.length === 1);
    await first.reopen();
    await until("it rings", () => first.client.view().devices.strange.length === 1);
  });

  it("that the key did not sign is none", async () => {
    world = await World.make();
    const first = await world.person();
    const other = await world.authority.addPerson();
    const seed = world.authority.identity.get(other);
    world.authority.identity.set(first.person, seed ?? new Uint8Array(32));
    await strangeDevice(first.person);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(first.client.view().devices.strange).toEqual([]);
  });
});

describe("A device that was revoked", () => {
  it("does not come back by the key that lies in it", async () => {
    world = await World.make();
    const first = await world.person();
    await world.device(first.person);
    const own = world.service.registry.devices.get(first.client.view().session.device ?? "");
    if (own === undefined) throw new Error("no device");
    own.revoked = true;
    await first.reopen();
    expect(first.client.view().session.device).toBeNull();
    expect(first.client.view().asking?.state).toBe("revoked");
    const ever = [...world.service.registry.devices.values()];
    expect(ever.filter(({ person }) => person === first.person)).toHaveLength(2);
  });
});

describe("A device whose statement ends within a month", () => {
  it("is named for longer by the key, under the same serial and keys", async () => {
    world = await World.make();
    const term = instantText(Date.now() + 360 * DAY);
    const first = await world.device(await world.authority.addPerson(term, undefined, false));
    const statements = () => world.authority.directory.statements;
    const before = statements().filter(({ type }) => type === "device");
    first.kill();
    const later = () => Date.now() + 160 * DAY;
    const again = await world.device(first.person, first.disk, later);
    await until(
      "it is renewed",
      () => statements().filter(({ type }) => type === "device").length > before.length,
    );
    const bodies = statements()
      .filter(({ type }) => type === "device")
      .map(({ body }) => JSON.parse(new TextDecoder().decode(b64u.decode(body))));
    const [old, fresh] = bodies;
    for (const lasting of ["device", "serial", "signature_key", "history_key"]) {
      expect(fresh[lasting]).toBe(old[lasting]);
    }
    expect(Date.parse(fresh.until) - later()).toBeLessThanOrEqual(183 * DAY);
    expect(fresh.until > old.until).toBe(true);
    await again.client.close();
  });
});

describe("A device that the server has stopped and nobody has signed that", () => {
  it("is not named for longer by another that holds the key", async () => {
    world = await World.make();
    const term = instantText(Date.now() + 360 * DAY);
    const first = await world.device(await world.authority.addPerson(term, undefined, false));
    const lost = await world.device(first.person);
    const stopped = lost.client.view().session.device ?? "";
    await until("it rings", () => first.client.view().devices.strange.length === 1);
    await first.client.recogniseDevice(stopped);
    lost.kill();
    first.kill();
    const row = world.service.registry.devices.get(stopped);
    if (row === undefined) throw new Error("no device");
    row.revoked = true;
    const statements = () =>
      world.authority.directory.statements
        .filter(({ type }) => type === "device")
        .map(({ body }) => JSON.parse(new TextDecoder().decode(b64u.decode(body))).device);
    const before = statements().length;
    await world.device(first.person, first.disk, () => Date.now() + 160 * DAY);
    await until("its own is renewed", () => statements().length > before);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(statements().slice(before)).not.toContain(stopped);
  });
});

describe("The name of a device", () => {
  it("stays in the person's own store", async () => {
    world = await World.make();
    const first = await world.person();
    world.service.seen = [];
    const device = first.client.view().session.device ?? "";
    await first.client.nameOfDevice(device, "Portátil azul");
    expect((await first.client.devices())[0]?.name).toBe("Portátil azul");
    expect(world.service.seen.join("\n")).not.toContain("Portátil azul");
  });
});
