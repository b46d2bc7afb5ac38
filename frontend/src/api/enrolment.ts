/** From a code on paper to a bound key, on the wire. */

import * as v from "valibot";
import { b64u } from "../bytes";
import type { Call } from "./http";
import { session, uuid } from "./schema";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const designated = {
  name: text,
  post: text,
  office: text,
  state: text,
  roles: v.array(text),
  until: text,
};

/** The designation that a code is for, and what the browser needs to make a passkey. */
export const invitation = v.object({ ...designated, options: v.record(text, v.unknown()) });
export type Invitation = v.InferOutput<typeof invitation>;

export const enrolment = v.object({
  ...designated,
  designation: uuid,
  serial: v.nullable(uuid),
  person: uuid,
  stage: text,
  due_at: v.nullable(text),
  passkeys: count,
  passkeys_wanted: count,
  /** The key that was offered, base64url. */
  key: v.nullable(text),
  bound_at: v.nullable(text),
  /** The public one of whoever hears the six words; empty: none is known. */
  telephone: text,
});
export type Enrolment = v.InferOutput<typeof enrolment>;

export function enrolmentRoutes(call: Call) {
  return {
    beginEnrolment: (code: string) => call("POST", "/enrolment/begin", invitation, { code }),
    finishEnrolment: (code: string, name: string, credential: unknown) =>
      call("POST", "/enrolment/finish", session, { code, name, credential }),
    enrolment: () => call("GET", "/enrolment", enrolment),
    offerKey: (key: Uint8Array, proof: Uint8Array) =>
      call("POST", "/enrolment/key", enrolment, {
        key: b64u.encode(key),
        proof: b64u.encode(proof),
      }),
  };
}
