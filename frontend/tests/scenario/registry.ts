/** Sessions, devices and their key packages in miniature. */

import type { Api } from "../../src/api/api";
import { b64u } from "../../src/bytes";
import { fromCanonical } from "../../src/canonical";
import type { WireStatement } from "../../src/crypto/statements";
import type { Authority } from "./authority";
import { refuse } from "./cases";
import { DeviceRequests } from "./deviceRequests";

type Device = {
  person: string;
  packages: Uint8Array[];
  lastResort: Uint8Array | null;
  until: string;
  revoked?: true;
  /** Stopped itself, and not with its person. */
  retired?: true;
};

export class Registry {
  readonly devices = new Map<string, Device>();
  /** How often a device whose packages were used up was added by its last resort. */
  lastResorts = 0;
  readonly #shares = new Map<string, Uint8Array>();

  readonly requests: DeviceRequests;

  constructor(
    private readonly authority: Authority,
    private readonly devicesChanged: (person: string) => void = () => undefined,
    /** A device of theirs can be added from now on. */
    private readonly ready: (person: string) => void = () => undefined,
  ) {
    const add = (person: string, statement: WireStatement) => this.add(person, statement);
    this.requests = new DeviceRequests(add, devicesChanged);
  }

  /** Enter a device by its statement; a later one of the same device renews it. */
  async add(person: string, statement: WireStatement): Promise<string> {
    const fields = fromCanonical(b64u.decode(statement.body)) as { device: string; until: string };
    const known = this.devices.get(fields.device) ?? { person, packages: [], lastResort: null };
    this.devices.set(fields.device, { ...known, until: fields.until });
    await this.authority.directory.push(statement);
    this.devicesChanged(person);
    return fields.device;
  }

  /** The devices of a person. */
  of(person: string): string[] {
    return [...this.devices]
      .filter(([, one]) => one.person === person && !one.revoked)
      .map(([id]) => id);
  }

  /** One device ends, and its person's others go on. */
  retire(id: string): void {
    const found = this.devices.get(id);
    if (found) this.devices.set(id, { ...found, revoked: true, retired: true });
  }

  /** All devices of a person end: with the person's access, or `itself`. */
  revoke(person: string, itself = false): void {
    for (const id of this.of(person)) {
      const found = this.devices.get(id);
      if (found)
        this.devices.set(id, { ...found, revoked: true, ...(itself && { retired: true }) });
    }
  }

  claim(devices: readonly string[]) {
    const packages = devices.flatMap((id) => {
      const found = this.devices.get(id);
      const next = found?.packages.shift();
      if (found?.lastResort && next === undefined) this.lastResorts += 1;
      const one = next ?? found?.lastResort;
      return one ? [{ device: id, package: one }] : [];
    });
    return { packages, missing: [] };
  }

  routes(person: string, session: { device: string | null }): Partial<Api> {
    const device = () => session.device ?? refuse("device-needed");
    return {
      directoryLog: this.authority.directory.api(person).directoryLog,
      session: async () => sessionOf(person, this.authority.stateOf(person)),
      signOut: async () => ({
        ...sessionOf(person, this.authority.stateOf(person)),
        state: "anonymous" as const,
        person: null,
      }),
      unlockShare: async (install: string) => {
        const share = this.#shares.get(install) ?? crypto.getRandomValues(new Uint8Array(32));
        this.#shares.set(install, share);
        return share.slice();
      },
      demoIdentityKey: async () => (this.authority.identity.get(person) ?? refuse("none")).slice(),
      states: async () => [],
      people: async () => [],
      ...this.requests.routes(person, session),
      devices: async () =>
        [...this.devices]
          .filter(([, one]) => one.person === person)
          .map(([id, { until, revoked, retired }]) => ({
            ...{ id, until, last_seen: null, revoked: revoked === true, retired: retired === true },
            added_at: new Date().toISOString(),
          })),
      addDevice: async (statement) => {
        const fields = fromCanonical(b64u.decode(statement.body)) as { device: string };
        if (this.devices.has(fields.device)) refuse("device-known");
        session.device = await this.add(person, statement);
        return { device: fields.device };
      },
      renewDevice: async (id, statement) => {
        if (this.devices.get(id)?.person !== person) refuse("not-found", 404);
        return { device: await this.add(person, statement) };
      },
      selectDevice: async (id) => {
        const found = this.devices.get(id);
        if (found?.person !== person || found.revoked) refuse("not-found", 404);
        session.device = id;
        return { device: id };
      },
      keyPackages: async () => {
        const found = this.devices.get(device());
        return { available: found?.packages.length ?? 0, last_resort: found?.lastResort != null };
      },
      publishKeyPackages: async (packages, lastResort) => {
        const found = this.devices.get(device()) ?? refuse("device-needed");
        found.packages.push(...packages);
        if (lastResort) found.lastResort = lastResort;
        if (found.packages.length === packages.length) this.ready(person);
        return { available: found.packages.length };
      },
    };
  }
}

function sessionOf(person: string, state: string) {
  return {
    state: "full" as const,
    cut_off: null,
    reads_until: null,
    demo: true,
    operator: "",
    person: {
      id: person,
      name: "n",
      state,
      office: "o",
      roles: ["liaison"],
      fictional: true,
    },
    device: null,
    factors: [],
    idle_seconds: 900,
    idle_left: null,
    ends_at: null,
  };
}
