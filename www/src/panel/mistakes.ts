/** Which of the engine's complaints belong to which field. */
import { plain, THIN } from "./number.js";
import { pathOf } from "./path.js";
import { type Field, type Schema, schemaAt } from "./schema.js";

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

/** «Answers (cqrs[0].models[1].kind): found strength again»: the engine's message begins with the place itself. */
export function mistakeWords(complaint: Complaint, schema: Schema | null): string {
  const { path, found, allowed, message } = complaint;
  const rest = path !== "" && message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  const details = [found === "" ? "" : `found ${found}`, allowed === "" ? "" : `allowed: ${allowed}`];
  const more = details.filter((each) => each !== "" && !rest.includes(each)).join(", ");
  const title = schema === null || path === "" ? undefined : schemaAt(schema, pathOf(path))?.title;
  const where = title === undefined ? path : `${title} (${path})`;
  return `${where === "" ? "" : `${where}: `}${rest}${more === "" ? "" : ` (${more})`}`;
}

function worded(complaint: Complaint): string {
  if (complaint.allowed === "") return complaint.message;
  const found = complaint.found === "" ? "" : `${grouped(complaint.found)} is refused. `;
  return `${found}Allowed: ${grouped(complaint.allowed)}.`;
}

function grouped(text: string): string {
  return text.replace(/\d{5,}/g, (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN));
}

/** What to say of a number that the engine would refuse, or that nothing comes of. */
export function problemOf({ min, max, unit, control }: Field, value: unknown, end: number): string | undefined {
  if (control.kind !== "number" || typeof value !== "number" || min === undefined || max === undefined)
    return undefined;
  const most = Math.min(max, end);
  if (value >= min && value <= most && (!control.integer || Number.isInteger(value))) return undefined;
  const of = unit === "" ? "" : `${THIN}${unit}`;
  const whole = control.integer ? "whole numbers " : "";
  return `${plain(value)}${of} is refused. Allowed: ${whole}from ${plain(min)} to ${plain(most)}${of}.`;
}
