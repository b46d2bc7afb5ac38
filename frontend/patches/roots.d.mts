import type { Plugin } from "vite";

/** Compiles the States' root keys in as the module `virtual:casehub-roots`. */
export function pinnedRoots(file?: string): Plugin;
