/** Writes the shared vectors that frontend/ makes: `npm run vectors`. */
import { runnerImport } from "vite";

const { module } = await runnerImport(new URL("make-chain-vectors.ts", import.meta.url).pathname);
await module.writeVectors();
