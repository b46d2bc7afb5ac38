import type { Plugin } from "vite";
export function asOneFile(name: string, types: string): Plugin;
