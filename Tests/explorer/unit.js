// Everything below the pages, in a real browser.

import "./unit-values.js";
import "./unit-proofs.js";
import "./unit-evidence.js";
import "./unit-ledger.js";
import "./unit-handoffs.js";
import "./unit-intake.js";
import "./unit-country.js";
import "./unit-attention.js";
import { run } from "./harness.js";

await run();
