/**
 * How numbers read on the page: a narrow space between thousands, a real minus, a narrow space before the unit,
 * and «–» for what is not there. Idle is «–», never 0 or 100 %.
 */

/** Narrow no-break space: between thousands, and between a number and its unit. */
export const THIN = "\u202f";
const NONE = "–";

type Maybe = number | null | undefined;

function absent(value: Maybe): value is null | undefined {
  return value === null || value === undefined || !Number.isFinite(value);
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** A number with at most `places` decimals, trailing zeros left out. */
export function plain(value: Maybe, places = 6, none = NONE): string {
  if (absent(value)) return none;
  const [whole = "0", fraction = ""] = Math.abs(value).toFixed(places).split(".");
  const rest = fraction.replace(/0+$/, "");
  const text = rest === "" ? group(whole) : `${group(whole)}.${rest}`;
  return value < 0 && text !== "0" ? `−${text}` : text;
}

/** A count of things. */
export function count(value: Maybe): string {
  return absent(value) ? NONE : plain(Math.round(value), 0);
}

/** About three significant digits, kept at a constant number of decimals for its size, so that it doesn't jitter. */
export function short(value: Maybe): string {
  if (absent(value)) return NONE;
  const size = Math.abs(value);
  const places = size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : 2;
  const [whole = "0", fraction] = size.toFixed(places).split(".");
  const text = fraction === undefined ? group(whole) : `${group(whole)}.${fraction}`;
  return value < 0 ? `−${text}` : text;
}

/** A count with its noun in the right number. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A length of time: «8.21 ms», «1.90 s», «3 min 20 s». */
export function span(ms: Maybe): string {
  if (absent(ms)) return NONE;
  if (ms < 999.5) return `${short(ms)}${THIN}ms`;
  if (ms < 120_000) return `${plain(ms / 1000, ms < 9_995 ? 2 : 1)}${THIN}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 7_200) return pair(seconds, 60, "min", "s");
  if (seconds < 172_800) return pair(Math.round(seconds / 60), 60, "h", "min");
  return pair(Math.round(seconds / 3600), 24, "d", "h");
}

function pair(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  const head = `${count(Math.floor(total / base))}${THIN}${large}`;
  return rest === 0 ? head : `${head} ${rest}${THIN}${small}`;
}

/**
 * A point in simulated time, to the millisecond that it is in: «12.412 s», as the run's own sentences have it. What is
 * added is less than a nanosecond, and more than a double is off.
 */
export function clock(ms: Maybe): string {
  if (absent(ms)) return NONE;
  const [whole = "0", fraction = "000"] = (Math.floor(Math.max(0, ms) + 5e-7) / 1000).toFixed(3).split(".");
  return `${group(whole)}.${fraction}${THIN}s`;
}

export function percent(value: Maybe): string {
  if (absent(value)) return NONE;
  // Some is not none.
  if (value > 0 && value < 0.005) return `<${THIN}0.01${THIN}%`;
  return `${plain(value, value > 0 && value < 10 ? 2 : 1)}${THIN}%`;
}

export function perSecond(value: Maybe): string {
  return absent(value) ? NONE : `${short(value)}${THIN}/s`;
}

/** A mean with the half width of its confidence interval: «8.34 ± 0.31 ms». */
export function measured(mean: Maybe, halfWidth: Maybe, unit: string): string {
  if (absent(mean)) return NONE;
  const margin = absent(halfWidth) ? "" : `${THIN}±${THIN}${short(halfWidth)}`;
  return `${short(mean)}${margin}${THIN}${unit}`;
}

/**
 * What a person typed, as a number: spaces of all kinds between thousands, a comma or point before decimals.
 * `undefined` where it is no number.
 */
export function parseNumber(text: string): number | undefined {
  const cleaned = text
    .replace(/[\s\u2009\u202f\u00a0_']/g, "")
    .replace("−", "-")
    .replace(/,(?=\d+$)/, ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cleaned)) return undefined;
  const value = Number(cleaned);
  return Number.isFinite(value) ? value : undefined;
}
