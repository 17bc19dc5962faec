/** How a slider's position (0 to 1) stands for a value, and how keys move it. */
export interface Scale {
  readonly kind: "linear" | "log" | "zero-log";
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

/**
 * Beyond this ratio a step of the slider would be too coarse (six powers of ten make it about 1.4 %); the slider then
 * covers what is usual about the default, and says so.
 */
const WIDEST_RATIO = 1_000_000;
/** The slider's reach to either side of the default, where the bounds lie further out. */
const REACH = 100;
/** A linear range with more steps than this is given a logarithmic slider that still starts at zero. */
const WIDEST_LINEAR = 1_000;

/** A usual value within this share of a linear slider's start would sit at its very end. */
const CRAMPED = 0.06;

export interface Range {
  min: number;
  max: number;
  log: boolean;
  integer: boolean;
  usual: number;
}

/**
 * The slider's scale for a parameter. The slider may cover less than the bounds (a rate may lie between 0.001 and
 * a million a second); the number beside it takes anything within the bounds, and the slider then stretches to
 * hold `value`.
 */
export function scaleFor(range: Range, value: number): Scale {
  const { integer } = range;
  if (range.log && range.min > 0) {
    const wide = range.max / range.min > WIDEST_RATIO;
    const low = wide ? Math.max(range.min, neat(range.usual / REACH, integer)) : range.min;
    const high = wide ? Math.min(range.max, neat(range.usual * REACH, integer)) : range.max;
    return { kind: "log", min: Math.min(low, value), max: Math.max(high, value), integer };
  }
  const cramped = range.usual - range.min < (range.max - range.min) * CRAMPED && range.usual > range.min;
  if (range.max - range.min <= WIDEST_LINEAR && !cramped)
    return { kind: "linear", min: range.min, max: range.max, integer };
  const usual = range.usual > range.min ? range.usual : WIDEST_LINEAR;
  const high = Math.min(range.max, neat(usual * REACH, integer));
  return { kind: "zero-log", min: range.min, max: Math.max(high, value), integer };
}

/** Whether the bounds lie further out than the slider reaches, to either side. */
export function beyond(scale: Scale, range: Pick<Range, "min" | "max">): { below: boolean; above: boolean } {
  return { below: range.min < scale.min, above: range.max > scale.max };
}

/** Where the curve of a `zero-log` scale turns from nearly linear to nearly logarithmic. */
function bend(scale: Scale): number {
  return Math.max((scale.max - scale.min) / 1_000, scale.integer ? 1 : Number.MIN_VALUE);
}

export function toPosition(scale: Scale, value: number): number {
  const { min, max } = scale;
  if (max <= min) return 0;
  const clamped = Math.min(max, Math.max(min, value));
  switch (scale.kind) {
    case "linear":
      return (clamped - min) / (max - min);
    case "log":
      return Math.log(clamped / min) / Math.log(max / min);
    case "zero-log":
      return Math.log1p((clamped - min) / bend(scale)) / Math.log1p((max - min) / bend(scale));
  }
}

/** The neat value at a position: three significant digits, whole where only whole numbers are allowed. */
export function toValue(scale: Scale, position: number): number {
  const { min, max } = scale;
  if (position <= 0) return min;
  if (position >= 1) return max;
  return Math.min(max, Math.max(min, neat(exact(scale, position), scale.integer)));
}

function exact(scale: Scale, position: number): number {
  const { min, max } = scale;
  switch (scale.kind) {
    case "linear":
      return min + position * (max - min);
    case "log":
      return min * Math.exp(position * Math.log(max / min));
    case "zero-log":
      return min + bend(scale) * Math.expm1(position * Math.log1p((max - min) / bend(scale)));
  }
}

/** Rounds to two significant digits below 10, else three, and to whole numbers where asked. */
function neat(value: number, integer: boolean): number {
  const rounded = Number(value.toPrecision(Math.abs(value) < 10 ? 2 : 3));
  return integer ? Math.round(rounded) : rounded;
}

/** The next neat value up or down; `big` goes ten times as far. Always moves, unless at a bound. */
export function nudge(scale: Scale, value: number, direction: 1 | -1, big: boolean): number {
  const step = stepAt(scale, value, direction) * (big ? 10 : 1);
  const onGrid = Math.round((value + direction * step) / step) * step;
  const moved = Number(onGrid.toPrecision(12));
  return Math.min(scale.max, Math.max(scale.min, moved));
}

/** About a twentieth of the value, as 1, 2 or 5 times a power of ten; downwards never more than the value itself. */
function stepAt(scale: Scale, value: number, direction: 1 | -1): number {
  const least = scale.integer ? 1 : (scale.max - scale.min) * 1e-9 || 1e-9;
  const reference = scale.kind === "linear" ? scale.max - scale.min : Math.abs(value) * (direction < 0 ? 0.95 : 1);
  const twentieth = Math.max(reference / 20, least);
  const fallback = scale.kind === "zero-log" && value === 0 ? Math.max(bend(scale), least) : twentieth;
  const power = 10 ** Math.floor(Math.log10(fallback));
  const lead = fallback / power;
  const step = (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
  return scale.integer ? Math.max(1, Math.round(step)) : step;
}
