import type { Plugin } from "vite";

/** Compiles the pinned log policy in as the module `virtual:casehub-log-policy`. */
export function pinnedLogPolicy(file?: string): Plugin;
