/** Every route of the server as a typed function. */

import * as v from "valibot";
import { b64u } from "../bytes";
import type { Disclosed } from "../rules/disclosed";
import { consultationRoutes } from "./consultations";
import { deadlineRoutes } from "./deadlines";
import { designationRoutes } from "./designations";
import { deviceRoutes, devices } from "./devices";
import { digestRoutes } from "./digest";
import { cardRoutes } from "./directory";
import { dossierRoutes } from "./dossiers";
import { enrolmentRoutes } from "./enrolment";
import { exportRoutes } from "./exports";
import { type Call, type HttpDeps, makeCall, makePieces, makeTake } from "./http";
import { letterRoutes } from "./letters";
import { noteRoutes } from "./notes";
import { oversightRoutes } from "./oversight";
import { paperRoutes } from "./papers";
import { pieceRoutes } from "./pieces";
import { retention, retentionRoutes } from "./retention";
import type { JoiningReason } from "./schema";
import * as wire from "./schema";
import * as stops from "./stops";

export type CommitBody = {
  client_id: string;
  epoch: number;
  commit: Uint8Array;
  welcome?: Uint8Array | undefined;
  group_info: Uint8Array;
};

export type VersionBody = {
  client_id: string;
  base: number;
  /** Ciphertext, at most 512 KiB. */
  body: Uint8Array;
  disclosed: Disclosed;
};

export type AttestationBody = {
  client_id: string;
  version: number;
  rulebook: string;
  commitment: Uint8Array;
  results: Uint8Array;
  signature: Uint8Array;
  overridden: readonly string[];
  ready: boolean;
};

/** Why, by code, and the signed statement of whoever holds a key. */
export type StopBody = { reason: string; statement: wire.WireStatement | null };
export type StateStopBody = { stop: string; statement: wire.WireStatement | null };

export type Routes = ReturnType<typeof makeRoutes>;

const nothing = v.unknown();

/** All calls of the HTTP interface. See {@link makeCall} for what they throw. */
export function makeRoutes(deps: HttpDeps) {
  const call = makeCall(deps);
  const pieces = makePieces(deps);
  return {
    ...accountRoutes(call),
    ...directoryRoutes(call),
    ...deviceRoutes(call),
    ...enrolmentRoutes(call),
    ...caseRoutes(call),
    ...messagingRoutes(call),
    ...requestRoutes(call),
    ...digestRoutes(call),
    ...deadlineRoutes(call),
    ...noteRoutes(call),
    ...consultationRoutes(call),
    ...paperRoutes(call),
    retained: (office = false) =>
      call("GET", office ? "/retention?office=true" : "/retention", retention),
    ...exportRoutes(call),
    dossiers: dossierRoutes(call),
    letters: letterRoutes(call),
    attachments: pieceRoutes(
      ...([call, pieces] as const),
      (thread) => `/threads/${thread}/attachments`,
      (id) => `/attachments/${id}`,
      (id, index) => `/attachments/${id}/chunks/${index}`,
    ),
    enclosures: pieceRoutes(
      ...([call, pieces] as const),
      (request) => `/dossiers/${request}/enclosures`,
      (id) => `/enclosures/${id}`,
      (id, index) => `/enclosures/${id}/pieces/${index}`,
    ),
    designations: designationRoutes(call),
    directory: cardRoutes(call),
    oversight: oversightRoutes(call, makeTake(deps)),
    retention: retentionRoutes(call),
  };
}

function accountRoutes(call: Call) {
  return {
    session: () => call("GET", "/session", wire.session),
    active: () => call("POST", "/session/active", wire.session, {}),
    password: (account: string, password: string) =>
      call("POST", "/sign-in/password", wire.session, { account, password }),
    code: (code: string) => call("POST", "/sign-in/code", wire.session, { code }),
    passkeyBegin: () => call("POST", "/sign-in/passkey/begin", wire.options, {}),
    passkeyFinish: (credential: unknown) =>
      call("POST", "/sign-in/passkey/finish", wire.session, { credential }),
    signOut: () => call("POST", "/sign-out", wire.session, {}),
    factors: () => call("GET", "/account/factors", wire.factors),
    newPasskeyBegin: () => call("POST", "/account/passkeys/begin", wire.options, {}),
    newPasskeyFinish: (name: string, credential: unknown) =>
      call("POST", "/account/passkeys/finish", wire.factors, { name, credential }),
    removePasskey: (id: string | number) => call("DELETE", `/account/passkeys/${id}`, wire.factors),
    totpBegin: () => call("POST", "/account/totp/begin", wire.totpOffer, {}),
    totpFinish: (code: string) => call("POST", "/account/totp/finish", wire.factors, { code }),
    recoveryCodes: () => call("POST", "/account/recovery-codes", wire.codes, {}),
    rulesAccepted: async () => (await call("GET", "/account/rules", wire.rules)).accepted_at,
    acceptRules: async (digest: string) =>
      (await call("POST", "/account/rules", wire.rules, { digest })).accepted_at,
    /** `replaces`: SHA-256 in hex of what is there as this browser knows it, "" for nothing. */
    keepBackup: async (body: Uint8Array, replaces: string, mark: string) => {
      const said = { body: b64u.encode(body), replaces, mark };
      return (await call("PUT", "/account/backup", wire.backupKept, said)).made_at;
    },
    backup: () => call("GET", "/account/backup", wire.backup),
    kit: () => call("GET", "/account/kit", wire.kit),
    /** `mark`: of the kit that seals what is kept from now on. */
    makeKit: (mark: string) => call("PUT", "/account/kit", wire.kit, { mark }),
    /** `backup`: SHA-256 in hex of the sealed backup that the kit opened here. */
    proveKit: (backup: string) => call("POST", "/account/kit/proof", wire.kit, { backup }),
    sessions: () => call("GET", "/account/sessions", wire.ownSessions),
    endSession: (id: string) => call("DELETE", `/account/sessions/${id}`, wire.ownSessions),
    endOtherSessions: () => call("POST", "/account/sessions/end-others", wire.ownSessions, {}),
    closeAccount: () => call("POST", "/account/close", wire.session, {}),
    socketTicket: () => call("POST", "/socket-ticket", wire.ticket, {}),
    unlockShare: async (install: string) =>
      (await call("POST", "/unlock-share", wire.share, { install })).share,
    demoPeople: () => call("GET", "/demo/people", wire.demoPeople),
    demoCode: (account: string) => call("POST", "/demo/code", wire.demoCode, { account }),
    demoIdentityKey: async () =>
      (await call("POST", "/demo/identity-key", wire.identityKey, {})).private_key,
  };
}

function directoryRoutes(call: Call) {
  return {
    states: () => call("GET", "/directory/states", wire.states),
    people: () => call("GET", "/directory/people", wire.people),
    directoryLog: (after: number) =>
      call("GET", `/directory/log?after=${after}`, wire.directoryPage),
    devicesOf: (person: string) => call("GET", `/people/${person}/devices`, devices),
    suspend: (person: string, body: StopBody) =>
      call("POST", `/people/${person}/suspend`, stops.ownStop, body),
    dismiss: (person: string, body: StopBody) =>
      call("POST", `/people/${person}/remove`, stops.ownStop, body),
    revokeDevice: (device: string, body: StopBody) =>
      call("DELETE", `/devices/${device}`, stops.ownStop, body),
    stateAccess: (code: string) => call("GET", `/states/${code}/stop`, stops.stateAccess),
    stopState: (code: string, body: StopBody) =>
      call("POST", `/states/${code}/stop`, stops.stateAccess, body),
    confirmStateStop: (code: string, body: StateStopBody) =>
      call("POST", `/states/${code}/stop/confirm`, stops.stateAccess, body),
    liftState: (code: string, body: StateStopBody) =>
      call("POST", `/states/${code}/lift`, stops.stateAccess, body),
  };
}

function caseRoutes(call: Call) {
  const one = wire.caseFile;
  return {
    cases: () => call("GET", "/cases", wire.cases),
    openedCase: (id: string) => call("GET", `/cases/${id}`, one),
    openCase: (
      client_id: string,
      states: readonly string[],
      urgent: boolean,
      retention?: string,
    ) => {
      const body = { client_id, states, urgent };
      return call("POST", "/cases", one, retention === undefined ? body : { ...body, retention });
    },
    proposeState: (id: string, client_id: string, state: string, urgent: boolean) =>
      call("POST", `/cases/${id}/joinings`, one, { client_id, state, urgent }),
    joinings: () => call("GET", "/joinings", wire.joinings),
    consentToJoining: (id: string, digest: string) =>
      call("POST", `/joinings/${id}/consent`, wire.joining, { digest }),
    acceptJoining: (id: string, digest: string) =>
      call("POST", `/joinings/${id}/accept`, wire.joining, { digest }),
    refuseJoining: (id: string, reason: JoiningReason) =>
      call("POST", `/joinings/${id}/refuse`, wire.joining, { reason }),
    withdrawJoining: (id: string) => call("POST", `/joinings/${id}/withdraw`, one),
    objectToJoining: (id: string, reason: JoiningReason) =>
      call("POST", `/joinings/${id}/object`, one, { reason }),
    addPerson: (id: string, client_id: string, person: string, circles: readonly string[]) =>
      call("POST", `/cases/${id}/people`, one, { client_id, person, circles }),
    removePerson: (id: string, person: string) =>
      // Null for whoever has taken themselves out: the case is no longer theirs to see.
      call("DELETE", `/cases/${id}/people/${person}`, v.nullable(one)),
    openThread: (id: string, client_id: string, people: readonly string[]) =>
      call("POST", `/cases/${id}/threads`, one, { client_id, people }),
    addToCircle: (circle: string, client_id: string, person: string) =>
      call("POST", `/circles/${circle}/people`, one, { client_id, person }),
    removeFromCircle: (circle: string, person: string) =>
      call("DELETE", `/circles/${circle}/people/${person}`, one),
  };
}

function messagingRoutes(call: Call) {
  return {
    publishKeyPackages: (packages: readonly Uint8Array[], lastResort: Uint8Array | null) =>
      call("POST", "/key-packages", wire.keyPackageCount, {
        packages: packages.map(b64u.encode),
        last_resort: lastResort && b64u.encode(lastResort),
      }),
    keyPackages: () => call("GET", "/key-packages", wire.keyPackageCount),
    claim: (thread: string, devices: readonly string[]) =>
      call("POST", `/threads/${thread}/key-packages/claim`, wire.claimed, { devices }),
    createThread: (thread: string, client_id: string, groupInfo: Uint8Array) =>
      call("POST", `/threads/${thread}`, wire.accepted, {
        client_id,
        group_info: b64u.encode(groupInfo),
      }),
    thread: (thread: string) => call("GET", `/threads/${thread}`, wire.threadInfo),
    /** Of the threads that one reads, by id, from the one after `after` on. */
    threads: (after: string | null) =>
      call("GET", `/threads${after === null ? "" : `?after=${after}`}`, wire.threadInfos),
    commit: (thread: string, body: CommitBody) =>
      call("POST", `/threads/${thread}/commits`, wire.accepted, {
        client_id: body.client_id,
        epoch: body.epoch,
        commit: b64u.encode(body.commit),
        ...(body.welcome && { welcome: b64u.encode(body.welcome) }),
        group_info: b64u.encode(body.group_info),
      }),
    committed: (thread: string, clientId: string) =>
      call("GET", `/threads/${thread}/commits/${clientId}`, wire.accepted),
    log: (thread: string, after: number, limit: number) =>
      call("GET", `/threads/${thread}/log?after=${after}&limit=${limit}`, wire.log),
    welcomes: () => call("GET", "/welcomes", wire.welcomes),
    removeWelcome: (id: string | number) => call("DELETE", `/welcomes/${id}`, nothing),
    groupInfo: (thread: string) => call("GET", `/threads/${thread}/group-info`, wire.groupInfo),
  };
}

function requestRoutes(call: Call) {
  const one = wire.request;
  return {
    requests: () => call("GET", "/requests", wire.requests),
    /** Looking into a request: an act, which is logged. */
    openedRequest: (id: string) => call("GET", `/requests/${id}`, one),
    openRequest: (
      client_id: string,
      caseId: string,
      people: readonly string[],
      requested_state: string,
    ) => call("POST", "/requests", one, { client_id, case: caseId, people, requested_state }),
    takeTurn: (id: string, client_id: string) =>
      call("POST", `/requests/${id}/turn`, one, { client_id }),
    renewTurn: (id: string) => call("PUT", `/requests/${id}/turn`, one, {}),
    giveTurn: (id: string) => call("DELETE", `/requests/${id}/turn`, one),
    saveVersion: (id: string, version: VersionBody) =>
      call("POST", `/requests/${id}/versions`, one, {
        ...version,
        body: b64u.encode(version.body),
      }),
    versions: (id: string) => call("GET", `/requests/${id}/versions`, wire.versionRows),
    version: (id: string, version: number) =>
      call("GET", `/requests/${id}/versions/${version}`, wire.versionBody),
    attestations: (id: string) => call("GET", `/requests/${id}/attestations`, wire.attestations),
    attest: (id: string, body: AttestationBody) =>
      call("POST", `/requests/${id}/attestations`, one, {
        ...body,
        commitment: b64u.encode(body.commitment),
        results: b64u.encode(body.results),
        signature: b64u.encode(body.signature),
      }),
    addDrafter: (id: string, client_id: string, person: string) =>
      call("POST", `/requests/${id}/people`, one, { client_id, person }),
    removeDrafter: (id: string, person: string) =>
      // Null for whoever has taken themselves out.
      call("DELETE", `/requests/${id}/people/${person}`, v.nullable(one)),
  };
}
