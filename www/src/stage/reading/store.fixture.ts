/** A store of three shards to which a fourth is added at 10 s, as the model tells it. For tests. */
import {
  type Frame,
  type MapView,
  PRESENCE,
  type RunView,
  SHARD,
  SHARD_STRIDE,
  type StoreDetails,
} from "../../model/views.js";
import { quietFrame } from "./frame.fixture.js";

/** Keys 0 to 3 lie in buckets of 3, then of 4; 1 and 3 move to the fourth shard, one after another. */
export function store(more: Partial<StoreDetails> = {}): StoreDetails {
  return {
    name: "sectors",
    station: 0,
    first_instance: 0,
    first_shard: 0,
    shards: 4,
    copies: 1,
    placement: "hash_modulo",
    key_prefix: "soldier_",
    maps: [map(0, 3, [0.1, 0.4, 0.7, 0.9]), map(10_000, 4, [0.1, 0.8, 0.6, 0.95])],
    keys: {
      every: 1,
      numbers: Uint32Array.of(0, 1, 2, 3),
      owners: Uint32Array.of(0, 1, 2, 2),
      travels: Float64Array.of(1, 10_000, 10_040, 1, 3, 3, 10_040, 10_080, 2, 3),
    },
    ...more,
  };
}

function map(at_ms: number, shards: number, keys: number[]): MapView {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  return {
    at_ms,
    fault: at_ms === 0 ? null : 0,
    shape: "buckets",
    shards: Uint32Array.from(all),
    segments: Float64Array.from(all.flatMap((shard) => [shard / shards, (shard + 1) / shards, shard])),
    labels: [],
    shares: Float64Array.from(all, () => 1 / shards),
    keys: Float64Array.from(keys),
  };
}

export type ShardColumns = Partial<Record<keyof typeof SHARD, number>>;

export function frameOf(t_ms: number, shards: readonly ShardColumns[], nodes = shards.length): Frame {
  const rows = new Float32Array(shards.length * SHARD_STRIDE);
  shards.forEach((columns, shard) => {
    const all = { presence: PRESENCE.inMap, weight: 1, ...columns };
    for (const [name, value] of Object.entries(all)) {
      rows[shard * SHARD_STRIDE + SHARD[name as keyof typeof SHARD]] = value;
    }
  });
  return { ...quietFrame(t_ms, nodes), shards: rows };
}

export function runOf(details: StoreDetails, more: Partial<RunView> = {}): RunView {
  const count = details.shards * details.copies;
  return {
    scenario: {
      clients: [],
      services: [],
      stores: [
        {
          shards: { count: 3, concurrency: 4, queue_limit: 16 },
          sharding: { placement: details.placement },
          salted_keys: [],
        },
      ],
      cqrs: [],
      faults: [],
    },
    services: [{ name: "sectors", first_instance: 0, instances: count, store: 0, cqrs: null, copies: details.copies }],
    stores: [details],
    cqrs: [],
    instanceNames: ["alpha", "bravo", "charlie", "delta"],
    ...more,
  } as unknown as RunView;
}
