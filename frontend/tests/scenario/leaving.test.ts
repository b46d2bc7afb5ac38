import { afterEach, describe, expect, it } from "vitest";
import { talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

function unreachable(on: boolean): void {
  world.service.fault = () => (on ? "request" : undefined);
}

function signOuts(): number {
  return world.service.calls.filter((call) => call === "signOut").length;
}

describe("signing out", () => {
  it("locks the device at once, and tells the server when there is a way to", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a medias");
    unreachable(true);
    await ana.client.signIn.out();
    expect(ana.client.view().session.state).toBe("anonymous");
    expect(ana.client.view().cases).toEqual([]);
    await expect(ana.client.lines(circle)).rejects.toThrow("sign-in-needed");
    const before = signOuts();
    unreachable(false);
    ana.client.network(true);
    await until("the server knows", () => signOuts() > before);
  });

  it("tells when the server has heard of it, with no word of a network that is back", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    unreachable(true);
    await ana.client.signIn.out();
    let heard = false;
    void ana.client.signIn.heard().then(() => {
      heard = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toBe(false);
    unreachable(false);
    await until("it is heard", () => heard);
    await ana.client.signIn.heard();
  });

  it("was heard at once where the server answers, whatever the socket does", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    await ana.client.signIn.out();
    await ana.client.signIn.heard();
  });

  it("waits for no disk: what that does not take is lost, and the server is told", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a medias");
    const before = signOuts();
    ana.disk.crashAt = { write: 0, after: false };
    await ana.client.signIn.out();
    expect(ana.client.view().session.state).toBe("anonymous");
    await until("the server knows", () => signOuts() > before);
    ana.disk.powerOn();
  });

  it("is not undone by a reload before the server knew", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    unreachable(true);
    await ana.client.signIn.out();
    unreachable(false);
    await ana.reopen();
    expect(ana.client.view().session.state).toBe("anonymous");
    await ana.reopen();
    expect(ana.client.view().session.state).toBe("full");
  });

  it("in one tab locks the others too", async () => {
    world = await World.make();
    const { ana } = await talking(world);
    const other = await ana.tab();
    unreachable(true);
    await ana.client.signIn.out();
    await until("the other is locked", () => other.view().session.state === "anonymous");
    await other.close();
  });

  it("in one tab keeps what was being written in another", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    const tab = await ana.tab();
    tab.setDraft(circle, "a medias en la otra");
    await ana.client.signIn.out();
    await until("out there too", () => tab.view().session.state === "anonymous");
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias en la otra");
  });

  it("waits for what is already being written down", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.disk.slow = 50;
    ana.client.setDraft(circle, "a");
    void ana.client.saveDrafts();
    ana.client.setDraft(circle, "a medias");
    // The session's end is heard twice: from another tab, and from the server.
    void ana.client.saveDrafts();
    await ana.client.close();
    ana.disk.slow = 0;
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
  });

  it("keeps the draft for the next time", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a medias");
    await ana.client.signIn.out();
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("a medias");
  });

  it("keeps no draft that was taken up again, and written over before it was sent", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    ana.client.setDraft(circle, "a medias");
    await ana.client.signIn.out();
    await ana.reopen();
    await until("it is taken up", () => threadOf(ana.client, circle)?.draft === "a medias");
    // Quicker than the device writes down what is typed.
    ana.client.setDraft(circle, "");
    ana.client.setDraft(circle, "otra cosa");
    await ana.client.send(circle, "otra cosa");
    expect(threadOf(ana.client, circle)?.draft).toBe("");
    await ana.reopen();
    expect(threadOf(ana.client, circle)?.draft).toBe("");
  });
});
