import { SandtableApp } from "./app/sandtable-app.js";

// Named here, so that no tool takes the import for unused and drops the element with it.
customElements.define("sandtable-app", SandtableApp);
