/** The groups of the form for pairs of command and query sides. What is in a group comes from the schema. */
import type { Scenario } from "../model/views.js";
import type { Change, Group } from "./groups.js";
import type { Path } from "./path.js";
import type { Node } from "./schema.js";

type Sides = Scenario["cqrs"][number];
type Kind = Sides["models"][number]["kind"];

/** As the schema titles them, in a sentence. */
const KINDS: Readonly<Record<Kind, string>> = {
  by_person: "by person",
  by_company: "by company",
  strength: "strength",
};

const LOG = "Commands write to a log of events; each read model is kept from the log, a little later.";
const LOCK = "Commands and queries work on the same model, and stand in each other’s way.";

export function cqrsGroups(form: (path: Path) => Node[], scenario: Scenario): Group[] {
  const several = scenario.services.length + scenario.stores.length + scenario.cqrs.length > 1;
  return scenario.cqrs.flatMap((sides, pair) => groupsOfPair(form, sides, pair, several));
}

function groupsOfPair(form: (path: Path) => Node[], sides: Sides, pair: number, several: boolean): Group[] {
  const path: Path = ["cqrs", pair];
  const nodes = form(path);
  const named = (title: string): string => (several ? `${title}: ${sides.name}` : title);
  // What doesn't apply to this layout isn't in the form, and so has no group.
  const part = (name: string, title: string, open: boolean): Group[] => {
    const node = nodes.find((one) => one.path.at(-1) === name);
    if (node === undefined) return [];
    const inside = node.node === "section" ? node.children : [node];
    return [{ key: `${name} of pair ${pair}`, title: named(title), nodes: inside, open }];
  };
  const shared = sides.layout === "shared";
  return [
    {
      key: `models of pair ${pair}`,
      title: named("Models"),
      about: shared ? LOCK : LOG,
      nodes: nodes.filter((node) => node.node === "field" && node.control.kind !== "list"),
      changes: shared ? [] : added(sides, pair),
      open: true,
    },
    ...part("shared", "Shared model", true),
    ...part("commands", "Commands", false),
    ...(shared ? [] : sides.models.map(({ kind }, index) => modelGroup(form, sides, { pair, index, kind }, named))),
    ...part("queries", "Queries", true),
    ...part("store", "Event store", false),
    ...part("hop", "Way to the models", false),
  ];
}

interface Place {
  readonly pair: number;
  readonly index: number;
  readonly kind: Kind;
}

function modelGroup(form: (path: Path) => Node[], sides: Sides, place: Place, named: (title: string) => string): Group {
  const { pair, index, kind } = place;
  const remove = (draft: Scenario): void => {
    draft.cqrs[pair]?.models.splice(index, 1);
  };
  return {
    key: `model ${index} of pair ${pair}`,
    title: named(`Read model ${KINDS[kind]}`),
    nodes: form(["cqrs", pair, "models", index]),
    changes: sides.models.length > 1 ? [{ label: `Remove the read model ${KINDS[kind]}`, change: remove }] : [],
    open: index === 0,
  };
}

/** Another read model, of the first kind that isn't there yet; it is kept as the last one is. */
function added(sides: Sides, pair: number): Change[] {
  const kinds = Object.keys(KINDS) as Kind[];
  const kind = kinds.find((one) => sides.models.every((model) => model.kind !== one));
  const like = sides.models.at(-1);
  if (kind === undefined || like === undefined) return [];
  const change = (draft: Scenario): void => {
    draft.cqrs[pair]?.models.push({ ...structuredClone(like), kind });
  };
  return [{ label: `Add a read model ${KINDS[kind]}`, change }];
}
