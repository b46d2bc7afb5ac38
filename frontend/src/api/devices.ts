/** A person's devices on the wire, and browsers that ask to be one. */

import * as v from "valibot";
import { b64u } from "../bytes";
import type { Call } from "./http";
import { bytes, device, uuid } from "./schema";

const text = v.string();

/** A statement as whoever made it holds it. */
type Signed = {
  readonly type: string;
  readonly body: string;
  readonly signatures: readonly { readonly key: string; readonly signature: string }[];
};

export const devices = v.array(
  v.object({
    id: uuid,
    added_at: text,
    until: text,
    /** A day, as far as sign-ins tell. */
    last_seen: v.nullable(text),
    revoked: v.boolean(),
    /** It was stopped itself; false where it ended with its person's access, or their former key. */
    retired: v.boolean(),
  }),
);
export type OwnDevice = v.InferOutput<typeof devices>[number];

export const deviceRequests = v.array(
  v.object({
    id: uuid,
    device: uuid,
    signature_key: bytes,
    history_key: bytes,
    asked_at: text,
    expires_at: text,
    answer: v.picklist(["", "named", "refused", "replaced"]),
    mine: v.boolean(),
  }),
);
export type DeviceRequest = v.InferOutput<typeof deviceRequests>[number];

export function deviceRoutes(call: Call) {
  return {
    addDevice: (statement: Signed) => call("POST", "/devices", device, { statement }),
    devices: () => call("GET", "/devices", devices),
    selectDevice: (id: string) => call("POST", "/devices/select", device, { device: id }),
    renewDevice: (id: string, statement: Signed) =>
      call("POST", `/devices/${id}/renew`, device, { statement }),
    deviceRequests: () => call("GET", "/devices/requests", deviceRequests),
    askForDevice: (id: string, signatureKey: Uint8Array, historyKey: Uint8Array) =>
      call("POST", "/devices/requests", deviceRequests, {
        device: id,
        signature_key: b64u.encode(signatureKey),
        history_key: b64u.encode(historyKey),
      }),
    nameDevice: (request: string, statement: Signed) =>
      call("POST", `/devices/requests/${request}/name`, deviceRequests, { statement }),
    refuseDevice: (request: string) =>
      call("POST", `/devices/requests/${request}/refuse`, deviceRequests, {}),
  };
}
