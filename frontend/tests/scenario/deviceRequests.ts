/** Browsers that ask to be devices, in miniature. */

import type { DeviceRequest } from "../../src/api/devices";
import { b64u } from "../../src/bytes";
import { fromCanonical } from "../../src/canonical";
import type { WireStatement } from "../../src/crypto/statements";
import { refuse } from "./cases";

type Row = DeviceRequest & { person: string; asker: object };

export class DeviceRequests {
  readonly rows: Row[] = [];
  /** What the server shows instead of the keys that asked, when it lies. */
  swap: ((row: DeviceRequest) => DeviceRequest) | null = null;

  constructor(
    private readonly add: (person: string, statement: WireStatement) => void,
    private readonly changed: (person: string) => void,
  ) {}

  routes(person: string, session: object) {
    const mine = () =>
      this.rows
        .filter((row) => row.person === person)
        .map(({ person: _, asker, ...row }) => {
          const shown = { ...row, mine: asker === session };
          return this.swap !== null && !shown.mine ? this.swap(shown) : shown;
        });
    const find = (id: string) => {
      const row = this.rows.find((one) => one.id === id && one.person === person);
      if (row === undefined) return refuse("not-found", 404);
      if (row.answer !== "") return refuse("device-request-over");
      return row;
    };
    return {
      deviceRequests: async () => mine(),
      askForDevice: async (device: string, signature_key: Uint8Array, history_key: Uint8Array) => {
        const open = this.rows.filter((row) => row.person === person && row.answer === "");
        if (open.some(({ asker }) => asker !== session)) refuse("device-request-open");
        for (const row of open) row.answer = "replaced";
        const now = Date.now();
        this.rows.unshift({
          ...{ id: crypto.randomUUID(), device, signature_key, history_key, person },
          ...{ asker: session, answer: "" as const, mine: true },
          asked_at: new Date(now).toISOString(),
          expires_at: new Date(now + 900_000).toISOString(),
        });
        this.changed(person);
        return mine();
      },
      nameDevice: async (id: string, statement: WireStatement) => {
        const row = find(id);
        const fields = fromCanonical(b64u.decode(statement.body)) as { signature_key?: string };
        if (fields.signature_key !== b64u.encode(row.signature_key)) {
          refuse("device-not-as-asked");
        }
        this.add(person, statement);
        row.answer = "named";
        this.changed(person);
        return mine();
      },
      refuseDevice: async (id: string) => {
        find(id).answer = "refused";
        this.changed(person);
        return mine();
      },
    };
  }
}
