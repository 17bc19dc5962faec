/** Scenarios and recordings as files. */
import type { Store } from "../model/store.js";

export function isScenarioFile(file: File): boolean {
  return file.type === "application/json" || /\.json$/i.test(file.name);
}

/** The scenario in a file. Throws, in words, where it is none. */
export async function readScenario(file: File): Promise<object> {
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch {
    throw new Error(`«${file.name}» is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`«${file.name}» holds no scenario`);
  }
  return value;
}

/** Hands the scenario to the reader as a file, laid out to be read and edited. */
export async function exportScenario(store: Store): Promise<void> {
  const { scenario } = store.state;
  if (!scenario) return;
  const compact: unknown = JSON.parse(await store.compact(scenario));
  const blob = new Blob([`${JSON.stringify(compact, null, 2)}\n`], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${fileName(scenario.name)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function fileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return plain === "" ? "scenario" : plain;
}
