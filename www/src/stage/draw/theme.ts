/** The canvas's colours, read from the page's tokens, so that each is written down once. */
import { HUES } from "./hues.js";

export interface Theme {
  background: string;
  lane: string;
  card: string;
  text: string;
  muted: string;
  slotLine: string;
  accent: string;
  accentSoft: string;
  bar: string;
  wait: string;
  red: string;
  onRed: string;
  amber: string;
  onAmber: string;
  gold: string;
  /** From a young request to an old one. */
  ages: readonly [string, string, string, string];
  /** Of the shards, by their numbers; they repeat where there are more. */
  shards: readonly string[];
  onShard: string;
  font: string;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--st-${name}`).trim();
  return {
    background: token("bg"),
    lane: token("lane"),
    card: token("card"),
    text: token("text"),
    muted: token("muted"),
    slotLine: token("slot-line"),
    accent: token("accent"),
    accentSoft: token("accent-soft"),
    bar: token("bar"),
    wait: token("wait"),
    red: token("red"),
    onRed: token("on-red"),
    amber: token("amber"),
    onAmber: token("on-amber"),
    gold: token("gold"),
    ages: [token("age-0"), token("age-1"), token("age-2"), token("age-3")],
    shards: Array.from({ length: HUES }, (_, hue) => token(`shard-${hue}`)),
    onShard: token("on-shard"),
    font: token("font"),
  };
}
