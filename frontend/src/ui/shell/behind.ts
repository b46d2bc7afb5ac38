/** Everything behind the sign-in: fetched while somebody signs in, not before they can. */

import { Lazy } from "./lazy.svelte";

export const shell = new Lazy(() => import("./Shell.svelte"));
