/** node driver.mjs IDENTITY...: serves driver.ts on stdin and stdout, without a build of its own. */
import { argv, stdin, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";
import { assertPatched } from "../../patches/ts-mls-1.6.4.mjs";

assertPatched();
const root = fileURLToPath(new URL("../..", import.meta.url));
const driver = fileURLToPath(new URL("driver.ts", import.meta.url));
const { module } = await runnerImport(driver, { configFile: false, root, logLevel: "silent" });
await module.serve(stdin, stdout, argv.slice(2));
