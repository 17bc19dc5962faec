//! All placements of a store beside each other: facts that hold for each by what it is, with 1,000 keys on three
//! shards. Where chance is at work the band is five standard deviations of a binomial, derived beside it.

mod common;

use common::run;
use sandtable_sim::run::PlacementRow;
use sandtable_sim::{Run, Scenario, simulate};

fn sectors(store: &str, client: &str) -> Run {
    run(&format!(
        r#"{{ "duration_ms": 10000, "services": [],
             "clients": [{{ "rate_per_s": 200, "commands_percent": 20, "keys": {{ "count": 1000 {client} }} }}],
             "stores": [{{ "name": "sectors" {store} }}] }}"#
    ))
}

fn of<'a>(rows: &'a [PlacementRow], placement: &str) -> &'a PlacementRow {
    rows.iter().find(|row| row.placement == placement).expect("every placement has a row")
}

fn moved(row: &PlacementRow) -> f64 {
    row.moved_percent.expect("keys are stored")
}

#[test]
fn every_placement_has_a_row_and_a_store_that_is_not_there_has_none() {
    let run = sectors("", "");
    let names: Vec<&str> = run.placements(0).iter().map(|row| row.placement).collect();
    assert_eq!(names, ["hash_modulo", "ring", "jump", "rendezvous", "maglev", "slots", "range", "directory"]);
    assert!(run.placements(1).is_empty());
}

/// From 3 shards to 4, 1 − gcd / max = 3/4 of the keys have another remainder. The standard deviation for 1,000 keys is
/// √(0.75 × 0.25 / 1,000) = 1.4 %.
#[test]
fn modulo_moves_three_keys_of_four_and_the_others_about_one() {
    let rows = sectors("", "").placements(0);
    for row in &rows {
        assert!((row.least_percent - 25.0).abs() < 1e-9, "{}: {}", row.placement, row.least_percent);
        let (expected, band) = if row.placement == "hash_modulo" { (75.0, 7.0) } else { (25.0, 7.0) };
        // A ring of 100 points a shard is uneven by a further tenth or so of its share; a table of 65,537 entries is
        // filled anew, so that some keys change between shards that both stay.
        let chance = if row.placement == "ring" { 15.0 } else { band };
        assert!((moved(row) - expected).abs() < chance, "{}: {}", row.placement, moved(row));
    }
}

/// 1,000 keys in three ranges are 334, 333 and 333: 1.002 times the mean. A fourth shard gets a quarter of the keys, and
/// nothing else moves.
#[test]
fn ranges_are_even_and_move_exactly_the_least() {
    let rows = sectors("", "").placements(0);
    let range = of(&rows, "range");
    assert!((range.keys_peak.expect("keys are stored") - 1.002).abs() < 1e-9, "{range:?}");
    assert!((moved(range) - 25.0).abs() < 1e-9, "{range:?}");
}

#[test]
fn memory_is_what_a_placement_keeps() {
    let rows = sectors("", "").placements(0);
    for placement in ["hash_modulo", "jump"] {
        assert_eq!(of(&rows, placement).bytes, 0, "{placement}");
    }
    let six = sectors(r#", "shards": { "count": 6 }"#, "").placements(0);
    assert_eq!(of(&six, "rendezvous").bytes, 2 * of(&rows, "rendezvous").bytes, "it keeps a hash for each shard");
    assert!(of(&rows, "maglev").bytes >= 65_537, "an entry is at least a byte");
    assert!(of(&rows, "slots").bytes >= 16_384, "a slot's owner is at least a byte");
    assert!(of(&rows, "ring").bytes >= 300, "so is a point");
}

#[test]
fn finding_a_key_takes_one_step_by_modulo_and_one_a_shard_by_rendezvous() {
    let rows = sectors(r#", "shards": { "count": 7 }"#, "").placements(0);
    assert_eq!(of(&rows, "hash_modulo").steps, Some(1.0));
    assert_eq!(of(&rows, "rendezvous").steps, Some(7.0));
    // Ten halvings find one of 700 points; the ring guesses where to begin, and needs fewer.
    let ring = of(&rows, "ring").steps.expect("keys are stored");
    assert!((1.0..10.0).contains(&ring), "{ring}");
}

/// The row of the run's own placement says what the run's report says: of keys, and of reads and writes.
#[test]
fn the_row_of_the_runs_own_placement_agrees_with_its_report() {
    for placement in ["hash_modulo", "ring", "jump", "rendezvous", "maglev", "slots", "range", "directory"] {
        let sharding = format!(r#", "sharding": {{ "placement": "{placement}" }}"#);
        let store = format!(r#"{sharding}, "shards": {{ "queue_limit": 1000 }}"#);
        let run = sectors(&store, r#", "kind": "zipf""#);
        let (rows, report) = (run.placements(0), &run.report().stores[0]);
        let own = of(&rows, placement);
        assert_eq!(own.keys_peak, report.keys_peak, "{placement}");
        assert_eq!(own.load_peak, report.load_peak, "{placement}");
    }
}

/// A change of map in a run moves what its placement's row says.
#[test]
fn what_a_shard_moves_when_it_joins_is_what_the_row_foretells() {
    for placement in ["hash_modulo", "ring", "jump", "rendezvous", "maglev", "slots", "range", "directory"] {
        let json = format!(
            r#"{{ "duration_ms": 2000, "services": [],
                 "stores": [{{ "name": "sectors", "sharding": {{ "placement": "{placement}" }} }}],
                 "faults": [{{ "kind": "add_shard", "target": "sectors", "at_ms": 0 }}] }}"#
        );
        let run = simulate(&Scenario::from_json(&json).expect("the scenario is right")).expect("and can be run");
        let change = &run.report().stores[0].changes[0];
        assert_eq!(of(&run.placements(0), placement).moved_percent, change.moved_percent, "{placement}");
    }
}

/// 40 % of the requests are for one key. Spread over 12 sub-keys, of which a read asks one, they no longer lie on one
/// shard, whatever the placement.
#[test]
fn a_hot_key_makes_load_uneven_and_salting_evens_it_out() {
    let hot = r#", "kind": "hot_key", "hot_percent": 40"#;
    let salted = r#", "salted_keys": [0], "sub_keys": 36, "sharding": { "salted_reads": "pick" }"#;
    let (plain, spread) = (sectors("", hot).placements(0), sectors(salted, hot).placements(0));
    for (before, after) in plain.iter().zip(&spread) {
        let peaks = (before.load_peak.expect("there were requests"), after.load_peak.expect("there were requests"));
        // The hot key's shard has 40 % and a third of the rest: 60 %, or 1.8 times the mean; a ring's least share less.
        assert!(peaks.0 > 1.5, "{}: {peaks:?}", before.placement);
        assert!(peaks.1 < peaks.0 - 0.2, "{}: {peaks:?}", before.placement);
    }
}

#[test]
fn without_keys_or_requests_nothing_is_made_up() {
    let json = r#"{ "duration_ms": 100, "services": [], "stores": [{ "keys": 0 }],
                    "clients": [{ "arrivals": "trace", "trace": { "counts": [[0, 0]] } }] }"#;
    let scenario = Scenario::from_json(json);
    let Ok(scenario) = scenario else { panic!("{}", scenario.expect_err("it isn't right")) };
    for row in simulate(&scenario).expect("it can be run").placements(0) {
        assert_eq!((row.keys_peak, row.load_peak, row.moved_percent, row.steps), (None, None, None, None), "{row:?}");
    }
}
