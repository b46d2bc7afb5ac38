/** What a statement that counts changes. */

import type { Statement, StatementOf } from "../../crypto/statements";
import { DAY, Hands } from "./judging";
import { type PersonRecord, push, type Stop, type When } from "./records";
import { type Ledger, lasts } from "./standing";

/** From a designation until its person may join what several States read. */
const LIMITED = DAY;

export function take(ledger: Ledger, statement: Statement, when: When): void {
  ledger.serials.add(`${statement.type} ${statement.fields.serial}`);
  switch (statement.type) {
    case "state-root": {
      const { key, approval, state } = statement.fields;
      ledger.states.get(state)?.roots.push({ index: when.size, at: when.now, key, approval });
      ledger.keys.set(key, state);
      return;
    }
    case "officer": {
      recordOf(ledger, statement.fields).mandates.push({ index: when.size, statement });
      ledger.keys.set(statement.fields.key, statement.fields.person);
      return;
    }
    case "designation":
      takeDesignation(ledger, statement, when);
      return;
    case "binding":
      takeBinding(ledger, statement, when);
      return;
    case "device": {
      const { serial, device, person, signature_key, history_key } = statement.fields;
      const key = ledger.binding(person, when.size)?.key ?? "";
      const known = ledger.deviceIds.get(device);
      // Renewed, it is the device that it was.
      const index = known?.index ?? when.size;
      const from = known?.from ?? statement.fields.from;
      const named = { index, statement, key, from };
      ledger.devices.set(serial, named);
      ledger.deviceIds.set(device, named);
      ledger.keys.set(signature_key, person);
      ledger.keys.set(history_key, person);
      return;
    }
    case "revocation":
      takeRevocation(ledger, statement, when);
      return;
    case "reinstatement": {
      const { state, person, revokes } = statement.fields;
      const stops = ledger.stopsOf(state, person, when.size);
      const named = stops.find(({ digest }) => digest === revokes);
      const alike = stops.filter(({ kind }) => kind === named?.kind);
      liftUpTo(named, alike, when);
      return;
    }
    case "state-stop":
      takeStop(ledger, statement, when);
      return;
    case "state-lift": {
      const { stops } = ledger.states.get(statement.fields.state) ?? {};
      liftUpTo(stops?.get(statement.fields.stops), stops?.values() ?? [], when);
      return;
    }
  }
}

function recordOf(
  ledger: Ledger,
  { person, state }: { person: string; state: string },
): PersonRecord {
  const known = ledger.people.get(person);
  if (known !== undefined) return known;
  const fresh: PersonRecord = { state, mandates: [], terms: [], bindings: [] };
  ledger.people.set(person, fresh);
  ledger.states.get(state)?.people.push(person);
  return fresh;
}

function takeDesignation(ledger: Ledger, statement: StatementOf<"designation">, when: When): void {
  const { state, person, roles, urgent, from } = statement.fields;
  const { term, late } = ledger.term(person, when);
  const before = term?.statement.fields.roles;
  // Renewed, and nothing was gained.
  const goesOn = late === undefined && roles.every((role) => before?.includes(role));
  // On a State's first day nobody waits for its people yet.
  const founded = ledger.states.get(state)?.roots[0]?.at ?? when.now;
  const atOnce = urgent || when.now < founded + LIMITED;
  let effective = Math.max(when.now + (atOnce ? 0 : LIMITED), from);
  if (!urgent && goesOn && term !== undefined) effective = term.effective;
  recordOf(ledger, statement.fields).terms.push({
    index: when.size,
    statement,
    effective,
  });
}

function takeBinding(ledger: Ledger, statement: StatementOf<"binding">, when: When): void {
  const { fields } = statement;
  const before = ledger.binding(fields.person, when.size);
  const replaces = before !== undefined && before.key !== fields.key;
  recordOf(ledger, fields).bindings.push({
    index: when.size,
    key: fields.key,
    designation: fields.designation,
    issued: fields.issued,
    byOfficer: new Hands(ledger, statement, when).officers.size > 0,
    limitedUntil: replaces ? when.now + LIMITED : null,
  });
  ledger.keys.set(fields.key, fields.person);
}

function takeRevocation(ledger: Ledger, statement: StatementOf<"revocation">, when: When): void {
  const { state, person, device, kind } = statement.fields;
  const record = ledger.states.get(state);
  if (record === undefined) return;
  if (device !== null) {
    push(record.endedDevices, `${person} ${device}`, when.size);
  } else {
    const { digest } = statement;
    const at = { index: when.size, at: when.now, said: when.now, digest, kind, body: "" };
    push(record.ended, person, { ...at, people: new Set<string>(), confirmed: null, lifted: null });
  }
}

function takeStop(ledger: Ledger, statement: StatementOf<"state-stop">, when: When): void {
  const { fields, signers, digest, body } = statement;
  const record = ledger.states.get(fields.state);
  if (record === undefined) return;
  const people = [
    ...ledger.officers(fields.state, when),
    ...ledger.coordinators(fields.state, when),
  ];
  const held = new Set(ledger.stateStops(fields.state, when));
  const known = record.stops.get(fields.serial);
  const at = { index: when.size, at: when.now, said: when.now, digest, kind: "stop", body };
  const stop = known ?? { ...at, people: new Set<string>(), confirmed: null, lifted: null };
  for (const [person, key] of people) if (signers.has(key)) stop.people.add(person);
  stop.said = when.now;
  record.stops.set(fields.serial, stop);
  held.add(stop);
  // Two who stop it while the word of the other holds are two, under one body or under two.
  const together = new Set([...held].flatMap((one) => [...one.people]));
  if (together.size > 1) for (const one of held) one.confirmed ??= when.size;
}

/** A stop and what was said before it; of a later one whoever signed this knew nothing. */
function liftUpTo(named: Stop | undefined, stops: Iterable<Stop>, when: When): void {
  for (const stop of stops) {
    if (named === undefined || !lasts(stop, when.size)) continue;
    if (stop.index <= named.index) stop.lifted = when.size;
  }
}
