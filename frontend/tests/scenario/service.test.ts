/** What the clients may rely on in the service of these tests, as in the real one. */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { ServerFrame } from "../../src/api/schema";
import { b64u } from "../../src/bytes";
import { talking, until, World } from "./world";

let world: World;
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** The interface as ana's device uses it, beside her client, and where its group stands. */
async function besideAna() {
  world = await World.make();
  const { ana, circle } = await talking(world);
  const group = world.service.group(circle);
  const device = group.roster.find(({ person }) => person === ana.person)?.device ?? "";
  ana.kill(); // only what the test sends is sent
  const api = world.service.api(ana.person);
  await api.selectDevice(device);
  return { api, circle, group };
}

describe("the service of the scenarios", () => {
  it("takes a post that comes twice at once into the log once", async () => {
    const { api, circle, group } = await besideAna();
    const id = crypto.randomUUID();
    const heard: ServerFrame[] = [];
    const socket = await api.connect({
      frame: (frame) => heard.push(frame),
      closed: () => undefined,
    });
    const body = b64u.encode(new Uint8Array(40));
    const frame = { type: "post", thread: circle, epoch: group.epoch, id, body } as const;
    for (let copy = 0; copy < 2; copy += 1) socket.send(frame);
    const answers = () => heard.flatMap((one) => (one.type === "accepted" ? [one.seq] : []));
    await until("both are answered", () => answers().length === 2);
    expect(new Set(answers()).size).toBe(1);
    expect(group.log.filter((entry) => entry.id === id).length).toBe(1);
  });

  it("answers a commit that comes twice at once with its one entry, never as stale", async () => {
    const { api, circle, group } = await besideAna();
    vi.spyOn(Math, "random").mockReturnValue(0); // both arrive in the same moment
    const commit = new Uint8Array(40);
    const { epoch, groupInfo: group_info } = group;
    const body = { client_id: crypto.randomUUID(), epoch, commit, welcome: undefined, group_info };
    const answers = await Promise.all([api.commit(circle, body), api.commit(circle, body)]);
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
    expect(group.epoch).toBe(epoch + 1);
  });
});
