//! Stores with shards: who answers, what moves, how long it takes, and that nothing is lost.
#![cfg(feature = "stores")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use proptest::prelude::*;
use sandtable_patterns::sharding::{Placement, ShardMap, ShardSpec};
use sandtable_sim::run::{MapChangeReport, RequestRow, SHARD_STRIDE};
use sandtable_sim::{Kind, Outcome, Reason, Run, Scenario, simulate};

const CONSTANT: &str =
    r#""read_time": { "kind": "constant", "mean_ms": 20 }, "write_time": { "kind": "constant", "mean_ms": 40 }"#;

/// One store of three shards with 1,000 keys, and 100 requests a second for 10 s.
fn scenario(store: &str, shards: &str, client: &str, faults: &str) -> String {
    format!(
        r#"{{ "duration_ms": 10000, "services": [],
              "clients": [{{ "rate_per_s": 100, "keys": {{ "count": 1000 }} {client} }}],
              "stores": [{{ "name": "sectors", "shards": {{ "hop": {{ "time_ms": 5, "jitter_percent": 0 }} {shards} }} {store} }}],
              "faults": [{faults}] }}"#
    )
}

fn with(placement: Placement, more: &str) -> String {
    format!(r#", "sharding": {{ "placement": "{}" {more} }}"#, placement.name())
}

const JOINS: &str = r#"{ "kind": "add_shard", "target": "sectors", "at_ms": 3000 }"#;

fn change(run: &Run) -> MapChangeReport {
    run.report().stores[0].changes[0].clone()
}

/// Keys of the first store by shard at a moment.
fn keys(run: &Run, t_ms: f64) -> Vec<f32> {
    run.frame(t_ms, 0.0, 1).shards.chunks(SHARD_STRIDE).map(|row| row[0]).collect()
}

fn name(number: u32) -> String {
    format!("soldier_{number}")
}

#[test]
fn a_request_goes_to_the_shard_that_the_library_names() {
    for &placement in Placement::ALL {
        let run = run(&scenario(&with(placement, ""), "", r#", "commands_percent": 30"#, ""));
        let shares: Vec<f64> = run.store_maps(0)[0].shares.clone();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{placement:?}");
        for row in rows(&run) {
            let place = &run.locate(0, 0.0, &[&name(row.key)])[0];
            assert_eq!(row.instance.map(u32::from), Some(place.shard), "{placement:?}, {}", place.why);
            assert_eq!(row.outcome, Outcome::Succeeded);
        }
        // What the page draws is the same map.
        let config = sandtable_patterns::sharding::ShardingConfig { placement, ..Default::default() };
        if placement != Placement::Range {
            let map = ShardMap::try_new(&config, &["alpha", "bravo", "charlie"].map(ShardSpec::named)).unwrap();
            let drawn = run.store_keys(0).unwrap();
            for (&number, &owner) in drawn.numbers.iter().zip(&drawn.owners) {
                assert_eq!(map.locate(name(number).as_bytes()).shard.0, owner);
            }
        }
    }
}

/// 1,000 keys and three shards that become four: of 1,000, three quarters have a standard deviation of 1.4 %; a ring of
/// 100 points a shard is uneven by some 10 % of its share.
#[test]
fn modulo_moves_three_of_four_and_the_ring_one_of_four() {
    let moved = |placement| change(&run(&scenario(&with(placement, ""), "", "", JOINS)));
    let modulo = moved(Placement::HashModulo);
    assert_eq!((modulo.what.as_str(), modulo.of_keys, modulo.least_percent), ("delta joins", 1_000, 25.0));
    assert!((modulo.moved_percent.unwrap() - 75.0).abs() < 4.5, "{modulo:?}");
    assert_eq!(modulo.moved_percent, modulo.modulo_percent);
    for placement in [Placement::Ring, Placement::Jump, Placement::Rendezvous, Placement::Maglev, Placement::Slots] {
        let change = moved(placement);
        assert!((change.moved_percent.unwrap() - 25.0).abs() < 8.0, "{placement:?}: {change:?}");
        assert_eq!(change.modulo_percent, modulo.modulo_percent, "{placement:?}");
    }
}

/// The travels that are drawn are those keys whose shard differs, each from its old to its new one, and the counts of a
/// frame follow them.
#[test]
fn keys_travel_from_their_old_shard_to_their_new_one() {
    let run = run(&scenario(&with(Placement::Ring, ""), "", "", JOINS));
    let drawn = run.store_keys(0).unwrap();
    let change = change(&run);
    let travels: Vec<&[f64]> = drawn.travels.chunks(5).collect();
    assert_eq!((travels.len() as u32, drawn.every), (change.keys, 1));
    let mut expected = keys(&run, 0.0);
    for travel in travels {
        let key = name(drawn.numbers[travel[0] as usize]);
        let [before, after] = [0.0, 10_000.0].map(|t| run.locate(0, t, &[&key])[0].shard);
        assert_eq!((travel[3] as u32, travel[4] as u32), (before, after));
        assert!(3_000.0 <= travel[1] && travel[1] < travel[2] && before != after);
        let under_way = &run.locate(0, f64::midpoint(travel[1], travel[2]), &[&key])[0];
        assert_eq!((under_way.leaving, under_way.holder, under_way.shard), (Some(before), before, after));
        // Before its turn it is neither on the move nor where the map has it.
        let waiting = &run.locate(0, f64::midpoint(3_000.0, travel[1]), &[&key])[0];
        if travel[1] > 3_001.0 {
            assert_eq!((waiting.leaving, waiting.holder, waiting.shard), (None, before, after));
        }
        assert_eq!(run.locate(0, travel[2], &[&key])[0].holder, after);
        expected[before as usize] -= 1.0;
        expected[after as usize] += 1.0;
    }
    assert_eq!(keys(&run, run.end_ms()), expected);
}

/// A shard that joins later has stood nowhere before, and one that has left stands nowhere once its keys have moved.
#[test]
fn bands_tell_from_when_to_when_a_shard_is_there() {
    let run =
        run(r#"{ "duration_ms": 9000, "services": [], "clients": [{ "rate_per_s": 50, "keys": { "count": 100 } }],
        "stores": [{ "name": "sectors", "keys": 100, "sharding": { "copies": 2 }, "shards": { "count": 2 } }],
        "faults": [{ "kind": "add_shard", "target": "sectors", "at_ms": 2000 },
                   { "kind": "remove_shard", "target": "sectors/alpha", "at_ms": 4000 }] }"#);
    let here = |node: u32| -> Vec<(f64, f64, bool)> {
        let own = run.bands().iter().filter(|band| band.instance == node);
        own.map(|band| (band.from_ms, band.to_ms, band.here)).collect()
    };
    let end = run.end_ms();
    for copy in 0..2 {
        let [(_, gone, true), (from, _, false)] = here(copy)[..] else { panic!("{:?}", here(copy)) };
        assert!(gone == from && gone > 4_000.0 && gone < end);
        let presence = |t_ms: f64| run.frame(t_ms, 0.0, 1).shards[1];
        assert_eq!((presence(gone - 1.0), presence(gone)), (2.0, 3.0));
        assert_eq!(here(2 + copy), [(0.0, end, true)]);
        assert_eq!(here(4 + copy), [(0.0, 2_000.0, false), (2_000.0, end, true)]);
    }
}

/// 4 moves at a time of 30 ms each: n keys take ⌈n/4⌉ times as long.
#[test]
fn moves_take_their_time() {
    let moving = r#", "moving": { "at_once": 4, "key_ms": 30 }"#;
    let change = change(&run(&scenario(&format!("{}{moving}", with(Placement::Ring, "")), "", "", JOINS)));
    assert_eq!(change.took_ms, Some(f64::from(change.keys.div_ceil(4)) * 30.0));
}

#[test]
fn a_shard_that_takes_part_in_moves_works_slower_by_what_the_scenario_says() {
    let shards = format!(r#", "concurrency": 100, {CONSTANT}"#);
    let moving = r#", "moving": { "at_once": 4, "key_ms": 30, "load_percent": 50 }"#;
    let run = run(&scenario(&format!("{}{moving}", with(Placement::HashModulo, "")), &shards, "", JOINS));
    let took = change(&run).took_ms.unwrap();
    let within = |row: &&RequestRow| row.started > 3_000_000_000 && row.finished < 3_000_000_000 + (took * 1e6) as u64;
    let rows = rows(&run);
    let slowed = rows.iter().filter(within).filter(|row| row.finished - row.started == 30_000_000).count();
    // Not every shard takes part at every moment.
    assert!(slowed * 2 > rows.iter().filter(within).count(), "{slowed}");
    for row in rows.iter().filter(|row| row.finished < 3_000_000_000) {
        assert_eq!(row.finished - row.started, 20_000_000);
    }
}

/// A request that comes to its shard after the key has left is sent on at once, and costs no retry.
#[test]
fn a_request_that_finds_its_key_gone_is_sent_on() {
    let store = format!(r#"{}, "moving": {{ "at_once": 50, "key_ms": 5 }}"#, with(Placement::HashModulo, ""));
    let run = run(&scenario(&store, "", r#", "commands_percent": 30"#, JOINS));
    let rows = rows(&run);
    let moved: Vec<&RequestRow> = rows.iter().filter(|row| row.reason == Reason::Moved).collect();
    assert!(!moved.is_empty());
    assert_eq!(run.report().stores[0].sent_on as usize, moved.len());
    for row in moved {
        let next = &rows[row.next.unwrap() as usize];
        assert_eq!((next.sent, next.key, next.kind), (row.freed, row.key, row.kind));
        assert_ne!(next.instance, row.instance);
    }
    assert!(rows.iter().filter(|row| row.next.is_none()).all(|row| row.outcome == Outcome::Succeeded));
}

/// A query of all shards is over when the last one that it needs has answered.
#[test]
fn a_query_of_all_shards_is_as_slow_as_the_slowest_it_needs() {
    for (needs, place) in [("all", 2), ("quorum", 1), ("first", 0)] {
        let store = format!(r#", "gather": "{needs}""#);
        let run = run(&scenario(&store, "", r#", "all_shards_percent": 50"#, ""));
        let rows = rows(&run);
        let mut gathered = 0;
        for row in rows.iter().filter(|row| row.kind == Kind::AllShards && row.parent.is_none()) {
            let parts = rows.iter().filter(|part| part.parent == Some(row.request));
            let mut back: Vec<u64> = parts.map(|part| part.back_at_balancer).collect();
            back.sort_unstable();
            assert_eq!((back.len(), row.finished, row.instance), (3, back[place], None), "{needs}");
            gathered += 1;
        }
        assert_eq!(run.report().stores[0].gathered, gathered);
        assert!(gathered > 300);
    }
}

/// Each part asks and tells the breaker of its own node: one that was open closes again once its trials went well.
#[test]
fn parts_have_breakers_of_their_own() {
    let crash = r#"{ "kind": "crash", "target": "bravo", "at_ms": 2000, "for_ms": 1500 }"#;
    let rule = r#"{ "trip_rule": "consecutive", "failures": 3, "wait_ms": 500 }"#;
    let calls = format!(
        r#", "all_shards_percent": 100, "calls": [{{ "breaker": {{ "enabled": true, "scope": "instance", "rule": {rule} }} }}]"#
    );
    let run = run(&scenario("", "", &calls, crash));
    let changes = run.breaker_changes();
    let of = |breaker: u32| {
        changes.iter().filter(|change| change.breaker == breaker).map(|change| change.to).collect::<Vec<_>>()
    };
    assert!(of(0).is_empty() && of(2).is_empty(), "{changes:?}");
    assert!(of(1).len() >= 3 && of(1).last() == Some(&"closed"), "{changes:?}");
    let all = rows(&run);
    let refused = all.iter().filter(|row| row.parent.is_some() && row.reason == Reason::BreakerOpen).count();
    assert!(refused > 30, "{refused}");
    let late = all.iter().filter(|row| row.parent.is_none() && row.sent > 5_000_000_000);
    assert!(late.into_iter().all(|row| row.outcome == Outcome::Succeeded));
}

/// A store that evens itself out leaves a bounded number of maps behind, however small the ranges are to be.
#[test]
fn a_store_that_evens_itself_out_ends() {
    let sharding = with(Placement::Range, r#", "split_by": "load", "split_above": 1"#);
    let store = format!(r#"{sharding}, "moving": {{ "look_ms": 10, "key_ms": 0 }}"#);
    let run = run(&scenario(&store, "", "", ""));
    let maps = run.store_maps(0);
    assert!((2..=501).contains(&maps.len()), "{}", maps.len());
    assert!(maps.iter().all(|map| map.labels.len() < 600), "{}", maps.last().unwrap().labels.len());
}

/// Copies follow within the lag, so nothing that is read is older; what is written at once is never stale.
#[test]
fn only_copies_that_follow_later_answer_stale_and_by_no_more_than_the_lag() {
    let stale = |sharding: &str| {
        let store = format!(r#", "keys": 20, "replication_ms": 300, "sharding": {{ "copies": 3, {sharding} }}"#);
        let client = r#", "commands_percent": 50"#;
        let json = scenario(&store, "", client, "").replace(r#""count": 1000"#, r#""count": 20"#);
        rows(&run(&json)).into_iter().filter(|row| row.stale > 0).collect::<Vec<_>>()
    };
    let late = stale(r#""replication": "asynchronous", "read_preference": "any""#);
    assert!(late.len() > 20, "{}", late.len());
    assert!(late.iter().all(|row| row.stale <= 300_000_000 && row.kind == Kind::Query));
    // Nodes are shard after shard, each with its three copies: primaries are never stale.
    assert!(late.iter().all(|row| row.instance.unwrap() % 3 != 0));
    assert!(stale(r#""replication": "asynchronous", "read_preference": "primary""#).is_empty());
    assert!(stale(r#""replication": "synchronous", "read_preference": "any""#).is_empty());
}

#[test]
fn the_nearest_copy_is_asked_and_its_way_is_as_long_as_said() {
    let store = r#", "copy_ways": [3, 1], "sharding": { "copies": 2, "read_preference": "nearest" }"#;
    let run = run(&scenario(store, "", "", ""));
    for row in rows(&run) {
        assert_eq!((row.instance.unwrap() % 2, row.at_instance - row.at_balancer), (1, 5_000_000));
    }
}

/// While a key moves under «both written» a write reaches both owners, and is as slow as the slower one.
#[test]
fn a_write_to_a_key_on_the_move_reaches_both_owners() {
    let store = format!(
        r#"{}, "moving": {{ "at_once": 200, "key_ms": 2000 }}"#,
        with(Placement::HashModulo, r#", "on_the_move": "both_written""#)
    );
    let run = run(&scenario(&store, "", r#", "commands_percent": 100"#, JOINS));
    let rows = rows(&run);
    let wholes: Vec<&RequestRow> = rows.iter().filter(|row| row.instance.is_none()).collect();
    assert!(wholes.len() > 20, "{}", wholes.len());
    for row in wholes {
        let parts = rows.iter().filter(|part| part.parent == Some(row.request));
        assert_eq!(parts.map(|part| part.back_at_balancer).max(), Some(row.finished));
    }
    assert_eq!(change(&run).sent_after, 0);
}

#[test]
fn salting_spreads_a_hot_key() {
    let peak = |salted: &str| {
        let json = scenario(salted, "", "", "");
        let hot = json.replace(r#""count": 1000"#, r#""count": 1000, "kind": "hot_key", "hot_percent": 60"#);
        run(&hot).report().stores[0].load_peak.unwrap()
    };
    let (plain, salted) =
        (peak(""), peak(r#", "salted_keys": [0], "sub_keys": 24, "sharding": { "salted_reads": "pick" }"#));
    assert!(plain > 2.0 && salted < 1.6, "{plain} {salted}");
}

/// A range that has more than its share of the load is split, and the parts are dealt out.
#[test]
fn a_hot_range_is_split_by_load() {
    let peak = |more: &str| {
        let json =
            scenario(&format!(r#"{}, "moving": {{ "look_ms": 1000 }}"#, with(Placement::Range, more)), "", "", "");
        let hot = json.replace(r#""count": 1000"#, r#""count": 1000, "kind": "hot_range", "hot_percent": 80"#);
        let run = run(&hot);
        let late = rows(&run).into_iter().filter(|row| row.sent > 5_000_000_000);
        let mut loads = [0; 3];
        late.for_each(|row| loads[usize::from(row.instance.unwrap())] += 1);
        let total: u32 = loads.iter().sum();
        f64::from(*loads.iter().max().unwrap()) * 3.0 / f64::from(total)
    };
    let (whole, split) = (peak(""), peak(r#", "split_by": "load", "split_above": 30"#));
    assert!(whole > 2.0 && split < 1.5, "{whole} {split}");
}

/// What a fault changes begins with it, for stores as for services.
#[test]
fn a_change_of_map_changes_nothing_before_it() {
    for kind in ["add_shard", "remove_shard", "weigh_shard", "crash", "slow"] {
        let target = if kind == "add_shard" { "sectors" } else { "bravo" };
        let fault = format!(r#"{{ "kind": "{kind}", "target": "{target}", "at_ms": 3000 }}"#);
        let store = with(Placement::Ring, r#", "copies": 2, "replication": "asynchronous", "read_preference": "any""#);
        let client = r#", "commands_percent": 30, "all_shards_percent": 10"#;
        let (plain, faulty) = (run(&scenario(&store, "", client, "")), run(&scenario(&store, "", client, &fault)));
        let before = |run: &Run| rows(run).into_iter().filter(|row| row.freed < 3_000_000_000).collect::<Vec<_>>();
        assert_eq!(before(&plain), before(&faulty), "{kind}");
        assert_ne!(plain.digest(), faulty.digest(), "{kind}");
    }
}

/// A shard that is down keeps its keys, so requests for them fail and moves wait; then all goes on.
#[test]
fn moves_wait_for_a_shard_that_is_down() {
    let crash = r#"{ "kind": "crash", "target": "bravo", "at_ms": 3100, "for_ms": 2000 }"#;
    let faults = format!("{JOINS}, {crash}");
    let run = run(&scenario(&with(Placement::Ring, ""), "", "", &faults));
    let change = change(&run);
    assert!(change.took_ms.unwrap() > 2_000.0);
    assert_eq!(keys(&run, run.end_ms()).iter().sum::<f32>(), 1_000.0);
    let failed = rows(&run).into_iter().filter(|row| row.outcome != Outcome::Succeeded && row.reason != Reason::Moved);
    assert!(failed.into_iter().all(|row| matches!(row.reason, Reason::ConnectionRefused | Reason::ConnectionLost)));
}

#[test]
fn a_decision_is_explained_in_the_words_of_the_library() {
    let run = run(&scenario(&with(Placement::Ring, ""), "", "", JOINS));
    let row = rows(&run).into_iter().find(|row| row.at_balancer > 4_000_000_000 && row.key > 9).unwrap();
    let told = run.explain(row.request).unwrap();
    let text = &told.steps.iter().find(|step| step.text.contains("hashes to")).unwrap().text;
    assert!(text.starts_with(&format!("{} hashes to 0x", name(row.key))), "{text}");
    assert!(text.contains("the next point on the ring is") && text.contains(": sent to "), "{text}");
}

#[test]
fn the_picture_is_told_in_words() {
    let run = run_with(JOINS);
    let change = change(&run);
    assert!(run.narrate(2_000.0).starts_with("At 2.0 s all 3 shards serve."), "{}", run.narrate(2_000.0));
    let under_way = run.narrate(4_000.0);
    assert!(under_way.contains("all 4 shards serve. delta joins: "), "{under_way}");
    assert!(under_way.contains(&format!("of {} keys have moved so far.", change.keys)), "{under_way}");
    let over = run.narrate(3_000.0 + change.took_ms.unwrap() + 1.0);
    assert!(!over.contains("so far"), "{over}");
    let crash = r#"{ "kind": "crash", "target": "bravo", "at_ms": 3000 }"#;
    let down = run_with(crash).narrate(5_000.0);
    assert!(down.starts_with("At 5.0 s 2 of 3 shards serve."), "{down}");
}

fn run_with(fault: &str) -> Run {
    run(&scenario(&with(Placement::Ring, ""), "", "", fault))
}

#[test]
fn every_mistake_about_stores_is_told() {
    let json = r#"{ "services": [], "clients": [{ "calls": [{ "to": "nowhere" }] }],
        "stores": [{ "name": "a", "shards": { "count": 2, "weights": [1, 1, 1, 1], "read_time": { "min_ms": 9, "max_ms": 3 } },
                     "sharding": { "bounds": ["m", "c"] }, "sub_keys": 1 },
                   { "name": "a" }, { "name": "bravo", "sharding": { "placement": "ring", "virtual_nodes": 1000 },
                     "shards": { "weights": [1000] } }],
        "faults": [{ "kind": "add_shard", "target": "b" }, { "kind": "remove_shard", "target": "a/alpha" },
                   { "kind": "remove_shard", "target": "a/alpha", "at_ms": 1 }, { "kind": "even_out", "target": "a" },
                   { "kind": "remove_shard", "target": "a/bravo", "at_ms": 2 }, { "kind": "weigh_shard", "target": "a/zulu" },
                   { "kind": "crash", "target": "a/zulu" }] }"#;
    let told = Scenario::from_json(json).unwrap_err().to_string();
    assert!(told.contains("stores[0].sub_keys: found 1; allowed: 2 to 36"), "{told}");
    let told = Scenario::from_json(&json.replace(r#""sub_keys": 1"#, r#""sub_keys": 2"#)).unwrap_err().to_string();
    for part in [
        "clients[0].calls[0].to: found \"nowhere\"; allowed: one of the services and stores: a, a, bravo",
        "stores[0].shards.weights: found 4 items; allowed: 0 to 2",
        "stores[0].shards.read_time.min_ms: found 9; allowed: at most max_ms, 3",
        "stores[0].sharding.bounds[1]: found \"c\"; allowed: a text after \"m\"",
        "stores[1].name: found \"a\" again; allowed: a name of its own",
        "stores[2].name: found \"bravo\"; allowed: a name of its own that no instance has",
        "stores[2].sharding.virtual_nodes: found 1002000 points on the ring; allowed: at most 200000",
        "faults[0].target: found \"b\"; allowed: a store: a, a, bravo",
        "faults[2].target: found \"a/alpha\", which isn't there at that time; allowed: a shard that has joined",
        "faults[3].kind: found even_out of hash_modulo; allowed: even_out of a store whose placement is slots or range",
        "faults[4].target: found \"a/bravo\", the last shard; allowed: a shard that isn't the last",
        "faults[5].target: found \"a/zulu\"; allowed: a shard, as store/alpha, of one of the stores: a, a, bravo",
        "faults[6].target: found \"a/zulu\"; allowed: a node (a/alpha to a/bravo,",
    ] {
        assert!(told.contains(part), "{part:?} is not in:\n{told}");
    }
}

#[test]
fn what_is_written_down_is_what_was_read() {
    for json in
        [r#"{ "services": [], "stores": [{}] }"#.to_owned(), scenario(&with(Placement::Slots, ""), "", "", JOINS)]
    {
        let scenario = Scenario::from_json(&json).unwrap();
        assert_eq!(Scenario::from_json(&scenario.to_json()).unwrap(), scenario);
        let compact = scenario.to_compact_json();
        assert_eq!(Scenario::from_json(&compact).unwrap(), scenario, "{compact}");
        assert!(compact.len() < 600, "{compact}");
    }
}

fn any_fault() -> impl Strategy<Value = serde_json::Value> {
    let kinds = vec!["add_shard", "remove_shard", "weigh_shard", "even_out", "crash", "slow", "errors", "drain"];
    let shard = prop::sample::select(vec!["alpha", "bravo", "charlie", "delta"]);
    (prop::sample::select(kinds), shard, 0.0..1_500.0, prop::option::of(0.0..800.0), 0.1..6.0).prop_map(
        |(kind, shard, at_ms, for_ms, factor)| {
            let target = if matches!(kind, "add_shard" | "even_out") { "sectors" } else { shard };
            serde_json::json!({ "kind": kind, "target": target, "at_ms": at_ms, "for_ms": for_ms, "factor": factor })
        },
    )
}

fn any_store() -> impl Strategy<Value = serde_json::Value> {
    let placement = prop::sample::select(Placement::ALL.to_vec());
    let copies = (1_u32..4, any::<bool>(), prop::sample::select(vec!["primary", "any", "nearest"]), 0.0..400.0);
    let salted = (prop::collection::vec(0_u32..40, 0..3), 2_u32..9, any::<bool>());
    let moving = (1_u32..9, 0.0..30.0, 0.0..90.0, any::<bool>());
    let gather = prop::sample::select(vec!["all", "quorum", "first"]);
    (placement, copies, salted, moving, gather, 0_u32..80, prop::sample::select(vec![0, 5, 40])).prop_map(
        |(
            placement,
            (copies, later, preference, lag),
            (salted, parts, pick),
            (at_once, key, load, both),
            gather,
            keys,
            split,
        )| {
            serde_json::json!({
                "name": "sectors", "keys": keys, "salted_keys": salted, "sub_keys": parts, "gather": gather,
                "replication_ms": lag, "copy_ways": [1, 0.5],
                "moving": { "at_once": at_once, "key_ms": key, "load_percent": load, "look_ms": 200 },
                "shards": { "count": 3, "queue_limit": 5, "concurrency": 2, "weights": [1, 2, 0.5] },
                "sharding": { "placement": placement.name(), "copies": copies, "slots": 64, "table_size": 101,
                    "replication": if later { "asynchronous" } else { "synchronous" }, "read_preference": preference,
                    "salted_reads": if pick { "pick" } else { "gather" }, "split_by": "load", "split_above": split,
                    "on_the_move": if both { "both_written" } else { "old_owner" } },
            })
        },
    )
}

fn any_scenario() -> impl Strategy<Value = serde_json::Value> {
    let calls = prop::sample::select(vec![
        serde_json::json!({}),
        serde_json::json!({ "timeout_ms": 40, "retry": { "attempts": 3 }, "cancel": true }),
        serde_json::json!({ "timeout_ms": 60, "breaker": { "enabled": true, "scope": "instance" }, "bulkhead": { "enabled": true } }),
    ]);
    let faults = prop::collection::vec(any_fault(), 0..6);
    (any_store(), faults, calls, 0.0..100.0, 0.0..60.0, any::<bool>(), 0_u32..1_000).prop_map(
        |(store, faults, call, commands, all, through, seed)| {
            let through_service =
                serde_json::json!([{ "name": "front", "calls": [{ "to": "sectors" }], "instances": { "count": 1 } }]);
            let target = |fault: &serde_json::Value| {
                let mut fault = fault.clone();
                let name = fault["target"].as_str().unwrap().to_owned();
                if through && name != "sectors" {
                    fault["target"] = format!("sectors/{name}").into();
                }
                fault
            };
            let faults: Vec<serde_json::Value> = faults.iter().map(target).collect();
            serde_json::json!({ "seed": seed, "duration_ms": 1500, "faults": faults, "stores": [store],
                "services": if through { through_service } else { serde_json::json!([]) },
                "clients": [{ "rate_per_s": 150, "commands_percent": commands, "all_shards_percent": all,
                              "keys": { "count": 60, "kind": "zipf" }, "calls": [call] }] })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 30_000, ..ProptestConfig::default() })]

    /// Whatever the store, the traffic and the faults: each request ends once, no key is lost or in two places, each
    /// part lies within its whole, and reading the run anywhere gives an answer.
    #[test]
    fn nothing_is_lost(json in any_scenario()) {
        // Of random changes of map some can't be.
        let read = Scenario::from_json(&json.to_string());
        prop_assume!(read.is_ok());
        let scenario = read.unwrap();
        let run = simulate(&scenario).unwrap();
        let all = rows(&run);
        let mut counts = [0_u32; 3];
        all.iter().filter(|row| row.parent.is_none() && row.next.is_none()).for_each(|row| counts[row.outcome as usize] += 1);
        prop_assert_eq!(counts.iter().sum::<u32>(), run.requests());
        for part in all.iter().filter(|row| row.parent.is_some()) {
            let whole = &all[part.parent.unwrap() as usize];
            prop_assert!(part.sent >= whole.at_balancer && part.key == whole.key);
        }
        let stored = f64::from(scenario.stores[0].keys);
        let mut least = 0.0;
        for step in 0_u32..=8 {
            let t_ms = run.end_ms() * f64::from(step) / 8.0;
            let held: Vec<f32> = keys(&run, t_ms);
            prop_assert!(held.iter().all(|&keys| keys >= 0.0), "{:?}", held);
            let sum = held.iter().map(|&keys| f64::from(keys)).sum::<f64>();
            // Sub-keys of a salted key are stored one by one.
            if scenario.stores[0].salted_keys.is_empty() {
                prop_assert!(sum >= stored && sum >= least && sum <= stored.max(60.0), "{sum} of {stored}");
                least = sum;
            }
            prop_assert!(!run.narrate(t_ms).is_empty());
            let place = &run.locate(0, t_ms, &["soldier_7"])[0];
            prop_assert!((0.0..=1.0).contains(&place.place) && !place.why.is_empty());
        }
        for map in run.store_maps(0) {
            prop_assert!((map.shares.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{:?}", map.shares);
            prop_assert!(map.segments.chunks(3).all(|piece| piece[0] <= piece[1] && piece[1] <= 1.0));
            prop_assert!(map.keys.iter().all(|place| (0.0..=1.0).contains(place)));
        }
        prop_assert_eq!(run.report().requests, run.requests());
        prop_assert!(run.series(40).buckets > 0);
        let again = simulate(&scenario).unwrap();
        prop_assert_eq!(again.digest(), run.digest());
        for row in all.iter().step_by(17) {
            prop_assert!(!run.explain(row.request).unwrap().steps.is_empty());
        }
    }
}
