import { html, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { count, percent, perSecond } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { SCALAR } from "../model/views.js";
import { fact, facts } from "./styles.js";

export class InspectClient extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame"];

  protected override render(): TemplateResult {
    const state = this.store?.state;
    const at = (column: number): number | undefined => state?.frame?.scalars[column];
    const share = at(SCALAR.successShare);
    return html`<dl>
        ${fact("arriving", perSecond(at(SCALAR.arrivalsPerS)))} ${fact("goodput", perSecond(at(SCALAR.goodputPerS)))}
        ${fact("succeeding", percent(share === undefined ? undefined : share * 100))}
        ${fact("in flight", count(at(SCALAR.inFlight)))}
      </dl>
      <h3>Until now</h3>
      <dl>
        ${fact("arrived", count(at(SCALAR.arrived)))} ${fact("succeeded", count(at(SCALAR.succeeded)))}
        ${fact("failed", count(at(SCALAR.failed)))} ${fact("shed", count(at(SCALAR.shed)))}
      </dl>
      <h3>Over the whole run</h3>
      <dl>
        ${fact("requests", count(state?.run?.requests))}
        ${fact("succeeded", percent(state?.run?.report?.success_percent))}
      </dl>`;
  }

  static override styles = [controls, facts];
}

customElements.define("inspect-client", InspectClient);
