/** Which of the engine's complaints belong to which field. */
import { THIN } from "./number.js";

interface Complaint {
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
  readonly message: string;
}

/** What to say at the field `key`: complaints about it, or about one item of its list. */
export function messageFor(key: string, complaints: readonly Complaint[]): string | undefined {
  const mine = complaints.filter((one) => one.path === key || one.path.startsWith(`${key}[`));
  return mine.length === 0 ? undefined : mine.map(worded).join(" ");
}

function worded(complaint: Complaint): string {
  if (complaint.allowed === "") return complaint.message;
  const found = complaint.found === "" ? "" : `${grouped(complaint.found)} is refused. `;
  return `${found}Allowed: ${grouped(complaint.allowed)}.`;
}

function grouped(text: string): string {
  return text.replace(/\d{5,}/g, (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN));
}
