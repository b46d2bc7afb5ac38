// Made from casehub/core/roles.yaml by `make fix`: a change here is undone.

/** Roles that may do an act at all; the rest is the server's to check. */
export const MAY = {
  "cases.case.open": ["liaison"],
  "cases.case.read": ["liaison", "coordinator"],
  "cases.list": ["liaison", "coordinator"],
  "cases.person.add": ["liaison"],
  "cases.person.remove": ["liaison", "coordinator"],
  "cases.reader.add": ["liaison"],
  "cases.reader.remove": ["liaison", "coordinator"],
  "cases.thread.open": ["liaison", "coordinator"],
  "demo.identity-key.give": ["liaison", "coordinator"],
  "directory.device.register": ["liaison", "coordinator"],
  "directory.device.select": ["liaison", "coordinator"],
  "messaging.commit.accept": ["liaison", "coordinator"],
  "messaging.commit.ask": ["liaison", "coordinator"],
  "messaging.cursor.acknowledge": ["liaison", "coordinator"],
  "messaging.group-info.read": ["liaison", "coordinator"],
  "messaging.group.start": ["liaison", "coordinator"],
  "messaging.key-packages.claim": ["liaison", "coordinator"],
  "messaging.key-packages.count": ["liaison", "coordinator"],
  "messaging.key-packages.publish": ["liaison", "coordinator"],
  "messaging.log.read": ["liaison", "coordinator"],
  "messaging.message.post": ["liaison", "coordinator"],
  "messaging.read.mark": ["liaison", "coordinator"],
  "messaging.thread.read": ["liaison", "coordinator"],
  "messaging.welcome.collect": ["liaison", "coordinator"],
  "messaging.welcomes.list": ["liaison", "coordinator"],
  "requests.attestation.make": ["liaison", "coordinator"],
  "requests.attestations.list": ["liaison", "coordinator"],
  "requests.list": ["liaison", "coordinator"],
  "requests.reader.add": ["liaison", "coordinator"],
  "requests.reader.remove": ["liaison", "coordinator"],
  "requests.request.open": ["liaison", "coordinator"],
  "requests.request.read": ["liaison", "coordinator"],
  "requests.turn.give-back": ["liaison", "coordinator"],
  "requests.turn.renew": ["liaison", "coordinator"],
  "requests.turn.take": ["liaison", "coordinator"],
  "requests.version.read": ["liaison", "coordinator"],
  "requests.version.save": ["liaison", "coordinator"],
  "requests.versions.list": ["liaison", "coordinator"],
} as const;

/** Roles of whom it takes one to do an act against a rule that forbids it. */
export const EXCEPTION = {
  "requests.attestation.make": ["coordinator"],
} as const;
