import uplotStyles from "uplot/dist/uPlot.min.css?inline";
import { css, html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { count, perSecond, short, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { nodesTitle, spoken } from "../model/names.js";
import { isRead, type ReadRun } from "../model/views.js";
import "./sandtable-breakers.js";
import { axisEnd, bucketAt, guttersFor, stableTop } from "./axis.js";
import { Chart } from "./chart.js";
import { drawHealth } from "./draw-health.js";
import { healthRows, healthSentence, type Rows } from "./health.js";
import { entry, legendStyles, sample, type Entry } from "./legend.js";
import { readPalette, type Palette } from "./palette.js";
import {
  dashOf,
  latencyDrawing,
  loadDrawing,
  loadOf,
  MOST_LINES,
  rateDrawing,
  retries,
  type Drawing,
  type Load,
} from "./shapes.js";

type Name = "rate" | "latency" | "load";
const HEIGHTS: Record<Name, number> = { rate: 54, latency: 48, load: 42 };

/** What the canvases show now. */
interface Drawn {
  readonly run: ReadRun;
  readonly selected: number | undefined;
  readonly log: boolean;
  readonly load: Load;
}

/** The charts over time and the rows of health. The playhead over them is the timeline's. */
export class SandtableCharts extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "selection"];
  protected override readonly flowing: readonly StateKey[] = ["playhead_ms"];

  readonly #charts = new Map<Name, Chart>();
  readonly #tops = new Map<string, number>();
  #palette: Palette | undefined;
  #cleanup: AbortController | undefined;
  #drawn: Drawn | undefined;
  #rows: Rows = { rows: [], further: 0, selective: false };
  #width = 0;
  #log = false;
  #load: Load = "in hand";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#cleanup = new AbortController();
    const { signal } = this.#cleanup;
    const resized = new ResizeObserver(([change]) => {
      this.#resize(change?.contentRect.width ?? 0);
    });
    resized.observe(this);
    const themed = new MutationObserver(() => {
      this.#recolour();
    });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recolour(), { signal });
    signal.addEventListener("abort", () => {
      resized.disconnect();
      themed.disconnect();
    });
  }

  override disconnectedCallback(): void {
    this.#cleanup?.abort();
    for (const chart of this.#charts.values()) chart.destroy();
    this.#charts.clear();
    this.#drawn = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const run = this.#run;
    if (run && run !== this.#drawn?.run) this.#rows = healthRows(run);
  }

  protected override render(): TemplateResult {
    const run = this.#run;
    return html`<span class="probe" hidden></span>
      ${this.#section("rate", "Per second", "arrivals, goodput, failed and shed requests a second over the run", this.#rates(run))}
      ${this.#section("latency", "Latency", "latency percentiles of successes over the run", this.#latencies(run), this.#scaleButton())}
      ${this.#section("load", this.#nodes(), "requests at each of them over the run", this.#loads(run), this.#loadButton())}
      <sandtable-breakers .store=${this.store} .width=${this.#width}></sandtable-breakers>
      <section aria-label="Health over time">
        <canvas class="health" role="img" aria-label=${healthSentence(this.#rows, run?.services ?? [])}></canvas>
        ${this.#healthLegend()}
      </section>`;
  }

  protected override updated(): void {
    const state = this.store?.state;
    const run = this.#run;
    if (!state || !run || this.#width === 0) return;
    const selected = state.selection?.kind === "instance" ? state.selection.index : undefined;
    const wanted = { run, selected, log: this.#log, load: this.#load };
    const drawn = this.#drawn;
    const same =
      drawn?.run === wanted.run && drawn.selected === selected && drawn.log === this.#log && drawn.load === this.#load;
    if (!same) this.#draw(wanted);
  }

  /** The run, once its series are there. */
  get #run(): ReadRun | null {
    const run = this.store?.state.run;
    return isRead(run) ? run : null;
  }

  #section(name: Name, title: string, words: string, entries: TemplateResult, extra?: TemplateResult): TemplateResult {
    return html`<section aria-label=${title}>
      <div class="legend">
        <span class="name">${title}</span>
        ${entries}${extra}
      </div>
      <div class="plot" id=${name} role="img" aria-label="Chart: ${words}" style="height: ${HEIGHTS[name]}px"></div>
    </section>`;
  }

  /** What the loads are of: «Instances», «Shards». */
  #nodes(): string {
    const title = nodesTitle(this.store?.state.run?.services ?? []);
    return title.charAt(0).toUpperCase() + title.slice(1);
  }

  #bucket(run: ReadRun): number {
    return bucketAt(this.store?.state.playhead_ms ?? 0, run.series.bucket_ms, run.series.buckets);
  }

  #rates(run: ReadRun | null): TemplateResult {
    const at = (
      column: "arrivals_per_s" | "attempts_per_s" | "goodput_per_s" | "failed_per_s" | "shed_per_s",
    ): string => (run === null ? "–" : perSecond(run.series[column][this.#bucket(run)]));
    const entries: Entry[] = [
      { name: "arrivals", sample: { kind: "line", tone: "--text", width: 1 }, value: at("arrivals_per_s") },
      { name: "goodput", sample: { kind: "area", tone: "--accent" }, value: at("goodput_per_s") },
      { name: "failed", sample: { kind: "hatched", tone: "--broken" }, value: at("failed_per_s") },
      { name: "shed", sample: { kind: "dotted", tone: "--late" }, value: at("shed_per_s") },
    ];
    if (run !== null && retries(run)) {
      const sample = { kind: "line", tone: "--text", dash: [4, 2] } as const;
      entries.splice(1, 0, { name: "attempts", sample, value: at("attempts_per_s") });
    }
    return html`${entries.map(entry)}`;
  }

  #latencies(run: ReadRun | null): TemplateResult {
    const at = (column: "p50_ms" | "p95_ms" | "p99_ms"): string =>
      run === null ? "–" : span(run.series[column][this.#bucket(run)]);
    const entries: Entry[] = [
      { name: "p99", sample: { kind: "line", tone: "--text", width: 2 }, value: at("p99_ms") },
      { name: "p95", sample: { kind: "line", tone: "--accent", dash: [5, 2] }, value: at("p95_ms") },
      { name: "p50", sample: { kind: "line", tone: "--muted", width: 1 }, value: at("p50_ms") },
    ];
    return html`${entries.map(entry)}`;
  }

  #loads(run: ReadRun | null): TemplateResult {
    if (run === null) return html``;
    const bucket = this.#bucket(run);
    const { selection } = this.store?.state ?? {};
    const selected = selection?.kind === "instance" ? selection.index : undefined;
    const many = run.instanceNames.length > MOST_LINES;
    const value = (index: number): string => short(loadOf(run.series, index, this.#load)[bucket]);
    const shown = many ? (selected === undefined ? [] : [selected]) : run.instanceNames.map((_, index) => index);
    return html`${
      many
        ? html`<span class="entry"
            >${sample({ kind: "area", tone: "--waiting" })} least to most of ${count(run.instanceNames.length)}
            ${nodesTitle(run.services)}</span
          >`
        : undefined
    }
    ${shown.map((index) => this.#loadEntry(run, index, index === selected, value(index)))}`;
  }

  /** The name of a line picks its instance. */
  #loadEntry(run: ReadRun, index: number, selected: boolean, value: string): TemplateResult {
    const onClick = (): void => this.store?.select(selected ? null : { kind: "instance", index });
    const look = selected
      ? ({ kind: "line", tone: "--accent", width: 2.5 } as const)
      : ({ kind: "line", tone: "--waiting", dash: dashOf(index) } as const);
    return html`<button class="link entry" aria-pressed=${selected} @click=${onClick}>
      ${sample(look)}<span>${spoken(run.instanceNames[index] ?? "")}</span> <b>${value}</b>
    </button>`;
  }

  #scaleButton(): TemplateResult {
    const onClick = (): void => {
      this.#log = !this.#log;
      this.requestUpdate();
    };
    return html`<button class="link end" aria-pressed=${this.#log} @click=${onClick}>Log scale</button>`;
  }

  #loadButton(): TemplateResult {
    const onClick = (): void => {
      this.#load = this.#load === "waiting" ? "in hand" : "waiting";
      this.requestUpdate();
    };
    return html`<button class="link end" aria-pressed=${this.#load === "waiting"} @click=${onClick}>
      Only waiting
    </button>`;
  }

  #healthLegend(): TemplateResult | typeof nothing {
    const { rows, further, selective } = this.#rows;
    if (!selective) return nothing;
    const nodes = nodesTitle(this.#run?.services ?? []);
    if (rows.length === 0) return html`<p class="legend">All ${nodes} are healthy throughout.</p>`;
    const rest = further > 0 ? ` ${count(further)} more not shown.` : "";
    return html`<p class="legend">Only ${nodes} that were not always healthy.${rest}</p>`;
  }

  #draw(wanted: Drawn): void {
    this.#drawn = wanted;
    const { run, selected } = wanted;
    this.#feed("rate", rateDrawing(run.series, retries(run)), run);
    this.#feed("latency", latencyDrawing(run.series, wanted.log), run);
    this.#feed("load", loadDrawing(run, wanted.load, selected), run);
    this.#drawHealth();
  }

  #feed(name: Name, drawing: Drawing, run: ReadRun): void {
    const key = name === "load" ? `load ${this.#load}` : drawing.shape.key;
    const top = stableTop(this.#tops.get(key), drawing.highest);
    this.#tops.set(key, top);
    const end_ms = axisEnd(run.duration_ms, run.end_ms);
    this.#chart(name)?.show(
      drawing.shape,
      { time_ms: run.series.time_ms, columns: drawing.columns, end_ms, top },
      this.#colours(),
    );
  }

  #chart(name: Name): Chart | undefined {
    const known = this.#charts.get(name);
    const host = this.renderRoot.querySelector<HTMLElement>(`#${name}`);
    if (known !== undefined || host === null) return known;
    const chart = new Chart(host, HEIGHTS[name]);
    chart.resize(this.#width, guttersFor(this.#width));
    this.#charts.set(name, chart);
    return chart;
  }

  #drawHealth(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".health");
    if (canvas === null || this.#drawn === undefined) return;
    const { run, selected } = this.#drawn;
    const gutters = guttersFor(this.#width);
    const end_ms = axisEnd(run.duration_ms, run.end_ms);
    drawHealth(canvas, { rows: this.#rows.rows, width: this.#width, gutters, end_ms, selected }, this.#colours());
  }

  #colours(): Palette {
    const probe = this.renderRoot.querySelector<HTMLElement>(".probe");
    return (this.#palette ??= readPalette(probe ?? this));
  }

  #recolour(): void {
    this.#palette = undefined;
    for (const chart of this.#charts.values()) chart.recolour(this.#colours());
    this.#drawHealth();
  }

  #resize(width: number): void {
    const whole = Math.floor(width);
    if (whole === this.#width || whole <= 0) return;
    this.#width = whole;
    for (const chart of this.#charts.values()) chart.resize(whole, guttersFor(whole));
    this.#drawHealth();
    this.requestUpdate();
  }

  static override styles = [
    controls,
    unsafeCSS(uplotStyles),
    legendStyles,
    css`
      .plot {
        overflow: hidden;
      }
      .legend {
        min-height: 18px;
        margin-top: 2px;
        padding-inline-end: 4px;
      }
      .legend .end {
        margin-inline-start: auto;
      }
      button.link {
        min-height: 18px;
        font-size: inherit;
      }
      @media (width < 560px), (hover: none) {
        button.link {
          min-height: 24px;
        }
      }
      button.link[aria-pressed="true"] {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      canvas.health {
        display: block;
        width: 100%;
        /* Four rows, until it is known how many there are. */
        height: 48px;
      }
    `,
  ];
}

customElements.define("sandtable-charts", SandtableCharts);
