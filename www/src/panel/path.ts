/** Places in a scenario, as the engine writes them in its messages: `services[0].balancer.policy`. */
export type Path = readonly (string | number)[];

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The other way round. */
export function pathOf(text: string): Path {
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, number]) =>
    number === undefined ? step : Number(number),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function child(value: unknown, step: string | number): unknown {
  if (typeof step === "number") return Array.isArray(value) ? (value as unknown[])[step] : undefined;
  return isRecord(value) ? value[step] : undefined;
}

export function getAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(child, root);
}

/** Changes `root` in place. A place whose parent doesn't exist is a mistake of the caller and is left alone. */
export function setAt(root: unknown, path: Path, value: unknown): void {
  const last = path.at(-1);
  const parent = getAt(root, path.slice(0, -1));
  if (typeof last === "number" && Array.isArray(parent)) parent[last] = value;
  else if (typeof last === "string" && isRecord(parent)) parent[last] = value;
}

/** Whether two values of a scenario (plain JSON) are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
  }
  return Object.is(a, b);
}
