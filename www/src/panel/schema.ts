/**
 * From the scenario's JSON Schema to the fields of a form. Nothing here knows a parameter's name: a new parameter
 * in the engine's types appears on the page by itself.
 */
import { getAt, pathText, same, type Path } from "./path.js";

/** What this page reads of JSON Schema, with the project's own `x-` words. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly "x-min"?: number;
  readonly "x-max"?: number;
  readonly "x-unit"?: string;
  readonly "x-level"?: string;
  readonly "x-when"?: string;
  readonly "x-scale"?: string;
  readonly "x-item-default"?: number;
}

export type Level = "basic" | "more" | "hidden";
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly help: string;
}
type Control =
  | { readonly kind: "number"; readonly integer: boolean; readonly log: boolean; readonly optional: boolean }
  | { readonly kind: "choice"; readonly choices: readonly Choice[] }
  | { readonly kind: "switch" }
  | { readonly kind: "list"; readonly integer: boolean; readonly itemDefault: number; readonly texts: boolean }
  | { readonly kind: "text" };

export interface Field {
  readonly node: "field";
  readonly path: Path;
  /** As in the engine's messages. */
  readonly key: string;
  readonly title: string;
  readonly help: string;
  readonly unit: string;
  readonly level: Level;
  readonly control: Control;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly initial: unknown;
}

/** Fields that belong together because they sit in one object. */
interface Section {
  readonly node: "section";
  readonly path: Path;
  readonly key: string;
  readonly title: string;
  readonly help: string;
  /** Fields that head the section need no other heading. */
  readonly headed: boolean;
  readonly children: readonly Node[];
}
export type Node = Field | Section;

const LEVELS: readonly Level[] = ["basic", "more", "hidden"];

function levelOf(schema: Schema, outer: Level): Level {
  const own = LEVELS.find((level) => level === schema["x-level"]) ?? "hidden";
  return LEVELS.indexOf(own) > LEVELS.indexOf(outer) ? own : outer;
}

/** The schema with its reference followed; what stands beside `$ref` wins. */
export function resolve(root: Schema, schema: Schema): Schema {
  const name = schema.$ref?.replace("#/$defs/", "");
  const target = name === undefined ? undefined : root.$defs?.[name];
  return target === undefined ? schema : { ...target, ...schema };
}

/** The schema at a place of the scenario. */
export function schemaAt(root: Schema, path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, step) => {
    const next = typeof step === "number" ? schema?.items : schema?.properties?.[step];
    return next === undefined ? undefined : resolve(root, next);
  }, root);
}

/** The default at a place, taken from the outermost default that covers it: that of a whole says more than that of a part. */
export function initialAt(root: Schema, path: Path): unknown {
  for (let length = 1; length <= path.length; length += 1) {
    const outer = schemaAt(root, path.slice(0, length))?.default;
    const value = getAt(outer, path.slice(length));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether an `x-when` such as `policy=ring_hash|maglev` holds among the siblings. */
export function applies(when: string | undefined, siblings: unknown): boolean {
  if (when === undefined) return true;
  const [name = "", values = ""] = when.split("=");
  return values.split("|").includes(String(getAt(siblings, [name])));
}

/** The form for the object at `path`: what applies under `scenario` now, in the order to show it. */
export function formFor(root: Schema, scenario: unknown, path: Path, outer: Level = "basic"): Node[] {
  const schema = schemaAt(root, path);
  const siblings = getAt(scenario, path);
  const entries = Object.entries(schema?.properties ?? {}).filter(([, property]) =>
    applies(property["x-when"], siblings),
  );
  const nodes: Node[] = [];
  for (const [name, property] of inOrder(entries, schema)) {
    const level = levelOf(property, outer);
    if (level !== "hidden") nodes.push(nodeFor(root, scenario, [...path, name], resolve(root, property), level));
  }
  return nodes;
}

/**
 * What is basic comes first, so that showing more moves nothing; within a level, first what others depend on (a policy
 * before its options); else the schema's own order.
 */
function inOrder(entries: [string, Schema][], schema: Schema | undefined): [string, Schema][] {
  const controlling = new Set(
    Object.values(schema?.properties ?? {}).map((property) => property["x-when"]?.split("=")[0]),
  );
  const rank = ([name, property]: [string, Schema]): number => {
    const leads = controlling.has(name) || property.title === schema?.title;
    return (property["x-level"] === "basic" ? 0 : 2) + (leads ? 0 : 1);
  };
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function nodeFor(root: Schema, scenario: unknown, path: Path, schema: Schema, level: Level): Node {
  if (schema.properties === undefined) return fieldFor(root, path, schema, level);
  const children = formFor(root, scenario, path, level);
  const first = children[0];
  return {
    node: "section",
    path,
    key: pathText(path),
    title: schema.title ?? "",
    help: schema.description ?? "",
    headed:
      children.some((child) => child.title === schema.title) || (children.length === 1 && first?.node === "field"),
    children,
  };
}

function fieldFor(root: Schema, path: Path, schema: Schema, level: Level): Field {
  return {
    node: "field",
    path,
    key: pathText(path),
    title: schema.title ?? String(path.at(-1)),
    help: schema.description ?? "",
    unit: schema["x-unit"] ?? "",
    level,
    control: controlFor(root, schema),
    min: schema["x-min"] ?? schema.minimum,
    max: schema["x-max"] ?? schema.maximum,
    initial: initialAt(root, path) ?? schema.default,
  };
}

function controlFor(root: Schema, schema: Schema): Control {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (schema.oneOf !== undefined) return { kind: "choice", choices: schema.oneOf.map(choiceFor) };
  if (types.includes("boolean")) return { kind: "switch" };
  if (types.includes("array")) {
    const items = schema.items === undefined ? undefined : resolve(root, schema.items);
    const integer = items?.type === "integer";
    // Where the schema doesn't say what an instance gets that is not listed: ranks begin at the least, shares are 1.
    const itemDefault = schema["x-item-default"] ?? (integer ? (schema["x-min"] ?? 0) : 1);
    return { kind: "list", integer, itemDefault, texts: items?.type === "string" };
  }
  if (types.includes("number") || types.includes("integer")) {
    const integer = types.includes("integer");
    return { kind: "number", integer, log: schema["x-scale"] === "log", optional: types.includes("null") };
  }
  return { kind: "text" };
}

function choiceFor(schema: Schema): Choice {
  const value = String(schema.const);
  return { value, title: schema.title ?? value, help: schema.description ?? "" };
}

/** All fields of a form, flat. */
export function fieldsOf(nodes: readonly Node[]): Field[] {
  return nodes.flatMap((node) => (node.node === "field" ? [node] : fieldsOf(node.children)));
}

/** Whether a field no longer has its default. */
export function changed(field: Field, scenario: unknown): boolean {
  return !same(getAt(scenario, field.path), field.initial);
}
