/** This install as a device of its person: keys, the signed statement, key packages. */

import type { Api } from "../api/api";
import { ApiError } from "../api/errors";
import type { WireStatement } from "../api/schema";
import { hex } from "../bytes";
import { deviceFields } from "../crypto/deviceStatement";
import type { MlsEngine } from "../crypto/engine";
import { encodeIdentity } from "../crypto/identity";
import { type DeviceRecord, type KeyPackageRecord, keys } from "../store/records";
import type { Tx } from "../store/vault";
import type { Core } from "./core";
import type { Deps, Stock } from "./deps";
import { deviceStatements, devicesIn, takeAsKnown } from "./devices/known";
import type { InTurn } from "./identity";
import { type Opened, takeDemoKey } from "./opening";

const DAY_MS = 24 * 3_600_000;
/** A statement may name a device for 183 days; an hour of it lies behind. */
export const DEVICE_DAYS = 182;
/** A statement is valid from a little before: the server's clock may be behind ours. */
const SKEW_MS = 3_600_000;
const PACKAGE_DAYS = 84;
const LAST_RESORT_DAYS = 30;
/** So that a device which is away for weeks can be added to this many threads. */
export const STOCK: Stock = { full: 50, least: 20 };
const CHUNK = 10;

/** From and until when a device is named now, in milliseconds. */
export function termFrom(now: number): { from: number; until: number } {
  return { from: now - SKEW_MS, until: now + DEVICE_DAYS * DAY_MS };
}

/**
 * The device of this store: made and registered on the first call, selected on later ones. Null if
 * this browser has to ask the person's other devices: they have some, and the key is not here.
 */
export async function ensureDevice(
  deps: Deps,
  opened: Opened,
  engine: MlsEngine,
  changeTrust: <T>(act: () => Promise<T>) => Promise<T>,
): Promise<DeviceRecord | null> {
  const { vault, inTurn } = opened;
  const known = await vault.read(keys.device);
  if (known !== undefined && (await select(deps.api, known))) {
    if (known.registered) return known;
    return register(inTurn, known);
  }
  if (!(await mayNameItself(deps, opened, known))) return null;
  const others = devicesIn(await deviceStatements(deps.api, opened.person.id));
  const fresh = await inTurn(async (tx) => {
    const again = await tx.get(keys.device);
    // Another tab was quicker.
    if (again !== undefined && again.device !== known?.device) return again;
    const made =
      known !== undefined && !known.registered ? known : await make(deps, opened, engine);
    if (known !== undefined && made !== known) await forgetGroups(tx);
    tx.put(keys.device, made);
    await takeAsKnown(tx, [...others, made.device]);
    return made;
  });
  if (fresh.registered) return fresh;
  return changeTrust(async () => {
    await deps.api.addDevice(fresh.statement as WireStatement);
    return register(inTurn, fresh);
  });
}

/**
 * Whether this browser becomes a device without asking: the identity key is here, or is to be had
 * because the person has no device yet. Not once this very device was revoked: whoever holds a
 * laptop that was given up as lost must not come back with it.
 */
async function mayNameItself(
  deps: Deps,
  opened: Opened,
  known: DeviceRecord | undefined,
): Promise<boolean> {
  const listed = await deps.api.devices();
  if (listed.some(({ id, revoked }) => revoked && id === known?.device)) return false;
  const { identity } = opened;
  if (identity.key !== null) return true;
  const now = deps.clock();
  const inForce = listed.some(({ revoked, until }) => !revoked && Date.parse(until) > now);
  if (inForce && deps.holdsIdentity !== true) return false;
  // Outside the demo nobody is given a key: it is made at the enrolment, or never here.
  await takeDemoKey(opened);
  return identity.key !== null;
}

function register(inTurn: InTurn, device: DeviceRecord): Promise<DeviceRecord> {
  return inTurn(async (tx) => {
    const registered = { ...device, registered: true };
    tx.put(keys.device, registered);
    return registered;
  });
}

/** False when the server does not know the device, or no longer lets it in. */
async function select(api: Api, device: DeviceRecord): Promise<boolean> {
  try {
    await api.selectDevice(device.device);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) {
      if (error.status === 401 || error.status === 429) throw error;
      return false;
    }
    throw error;
  }
}

async function make(
  deps: Deps,
  { person, identity }: Opened,
  engine: MlsEngine,
): Promise<DeviceRecord> {
  const generated = await engine.generateDeviceKeys();
  const named = {
    serial: deps.random.uuid(),
    person: person.id,
    device: deps.random.uuid(),
    signatureKey: generated.signaturePublic,
    historyKey: generated.historyPublic,
  };
  const fields = deviceFields({ ...named, ...termFrom(deps.clock()) });
  return {
    device: named.device,
    person: person.id,
    state: person.state,
    credential: encodeIdentity({ ...named, state: person.state }),
    ...generated,
    statement: await identity.signStatement("device", fields),
    registered: false,
  };
}

/** A new device is in no group; what the old one read stays. */
export async function forgetGroups(tx: Tx): Promise<void> {
  for (const [key] of await tx.list(keys.threads)) tx.remove(key);
  for (const prefix of ["group/", "commit/", "claim/", "creation/", "kp/", "intent/"]) {
    for (const key of await tx.vault.keys(prefix)) tx.remove(key);
  }
}

/** Keep enough key packages at the server that others can add this device at any time. */
export async function refillKeyPackages(core: Core): Promise<void> {
  const { full, least } = core.deps.stock ?? STOCK;
  const stock = await core.api.keyPackages();
  if (stock.available < least) {
    for (let missing = full - stock.available; missing > 0; missing -= CHUNK) {
      const packages = await generate(core, Math.min(CHUNK, missing), PACKAGE_DAYS, false);
      await core.api.publishKeyPackages(packages, null);
    }
  }
  if (stock.last_resort !== true || (await lastResortIsOld(core))) {
    const [lastResort = null] = await generate(core, 1, LAST_RESORT_DAYS, true);
    await core.api.publishKeyPackages([], lastResort);
  }
}

/** Replaced in time: after half of its life. */
async function lastResortIsOld(core: Core): Promise<boolean> {
  const kept = (await core.vault.list(keys.packages)).filter(([, record]) => record.lastResort);
  const newest = Math.max(0, ...kept.map(([, record]) => record.at));
  return core.deps.clock() - newest > (LAST_RESORT_DAYS / 2) * DAY_MS;
}

/** The private halves are on the disk before the public ones leave. */
function generate(
  core: Core,
  count: number,
  days: number,
  lastResort: boolean,
): Promise<Uint8Array[]> {
  return core.exclusive(async (tx) => {
    const packages: Uint8Array[] = [];
    for (let made = 0; made < count; made += 1) {
      const fresh = await core.engine.keyPackage(core.device, days);
      const record: KeyPackageRecord = {
        package: fresh.package,
        secret: fresh.secret,
        lastResort,
        at: core.deps.clock(),
      };
      tx.put(keys.package(hex.encode(fresh.ref)), record);
      packages.push(fresh.package);
    }
    return packages;
  });
}
