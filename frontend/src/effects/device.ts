/** This install as a device of its person: keys, the signed statement, key packages. */

import type { Api } from "../api/api";
import { ApiError } from "../api/errors";
import type { SessionInfo, WireStatement } from "../api/schema";
import { hex } from "../bytes";
import type { MlsEngine } from "../crypto/engine";
import { encodeIdentity } from "../crypto/identity";
import { signDevice } from "../crypto/statements";
import { type DeviceRecord, type KeyPackageRecord, keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import type { Core } from "./core";
import type { Deps } from "./deps";

const DAY_MS = 24 * 3_600_000;
/** A statement may name a device for 183 days; an hour of it lies behind. */
const DEVICE_DAYS = 182;
/** A statement is valid from a little before: the server's clock may be behind ours. */
const SKEW_MS = 3_600_000;
const PACKAGE_DAYS = 84;
const LAST_RESORT_DAYS = 30;
const FULL = 50;
const REFILL_UNDER = 20;
const CHUNK = 10;

type Person = NonNullable<SessionInfo["person"]>;
type Locked = <T>(task: (tx: Tx) => Promise<T>) => Promise<T>;

/** The device of this store, made and registered on the first call, selected on later ones. */
export async function ensureDevice(
  deps: Deps,
  vault: Vault,
  engine: MlsEngine,
  person: Person,
  locked: Locked,
  changeTrust: <T>(act: () => Promise<T>) => Promise<T>,
): Promise<DeviceRecord> {
  const known = await vault.read(keys.device);
  if (known !== undefined && (await select(deps.api, known))) {
    if (known.registered) return known;
    return register(locked, known);
  }
  const fresh = await locked(async (tx) => {
    const again = await tx.get(keys.device);
    // Another tab was quicker.
    if (again !== undefined && again.device !== known?.device) return again;
    const made =
      known !== undefined && !known.registered ? known : await make(deps, engine, person);
    if (known !== undefined && made !== known) await forgetGroups(tx);
    tx.put(keys.device, made);
    return made;
  });
  if (fresh.registered) return fresh;
  return changeTrust(async () => {
    await deps.api.addDevice(fresh.statement as WireStatement);
    return register(locked, fresh);
  });
}

function register(locked: Locked, device: DeviceRecord): Promise<DeviceRecord> {
  return locked(async (tx) => {
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

async function make(deps: Deps, engine: MlsEngine, person: Person): Promise<DeviceRecord> {
  const generated = await engine.generateDeviceKeys();
  const now = deps.clock();
  const device = deps.random.uuid();
  const serial = deps.random.uuid();
  const named = {
    serial,
    state: person.state,
    person: person.id,
    device,
    signatureKey: generated.signaturePublic,
    historyKey: generated.historyPublic,
  };
  const identityKey = await deps.api.demoIdentityKey();
  const from = now - SKEW_MS;
  const until = now + DEVICE_DAYS * DAY_MS;
  const statement = await signDevice({ ...named, issued: now, from, until }, identityKey);
  identityKey.fill(0);
  return {
    device,
    person: person.id,
    state: person.state,
    credential: encodeIdentity(named),
    ...generated,
    statement,
    registered: false,
  };
}

/** A new device is in no group; what the old one read stays. */
async function forgetGroups(tx: Tx): Promise<void> {
  for (const [key] of await tx.list(keys.threads)) tx.remove(key);
  for (const prefix of ["group/", "commit/", "claim/", "creation/", "kp/", "intent/"]) {
    for (const key of await tx.vault.keys(prefix)) tx.remove(key);
  }
}

/** Keep enough key packages at the server that others can add this device at any time. */
export async function refillKeyPackages(core: Core): Promise<void> {
  const stock = await core.api.keyPackages();
  if (stock.available < REFILL_UNDER) {
    for (let missing = FULL - stock.available; missing > 0; missing -= CHUNK) {
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
