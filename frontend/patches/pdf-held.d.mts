import type { Plugin } from "vite";
export function pdfHeld(): Plugin;
