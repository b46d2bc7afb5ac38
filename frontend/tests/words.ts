/** Every test may speak in any of the three languages. */

import { LANGUAGES } from "../src/ui/preferences.svelte";
import { fetchWords } from "../src/ui/words";

await Promise.all(LANGUAGES.map(fetchWords));
