//! The conformance vectors that concern sharding, against its public interface.

mod balls_into_bins;
mod fixture;
mod hashes;
mod ketama;
mod movement;
mod placements;
#[path = "../../../../tests/vectors/runner.rs"]
mod runner;

#[test]
fn vectors_shard_hashes() {
    runner::run("shard_hashes", |file, report| {
        report.only_lists(file, &["vectors"]);
        report.each(file, "vectors", hashes::case);
    });
}

#[test]
fn vectors_shard_cassandra_tokens() {
    runner::run("shard_cassandra_tokens", |file, report| {
        report.only_lists(file, &["vectors"]);
        report.each(file, "vectors", hashes::cassandra_token_case);
    });
}

#[test]
fn vectors_shard_redis_slots() {
    runner::run("shard_redis_slots", |file, report| {
        report.only_lists(file, &["vectors"]);
        report.each(file, "vectors", placements::redis_slot);
    });
}

#[test]
fn vectors_shard_jump() {
    runner::run("shard_jump", |file, report| {
        report.only_lists(file, &["vectors"]);
        report.each(file, "vectors", placements::jump);
    });
}

#[test]
fn vectors_shard_rendezvous() {
    runner::run("shard_rendezvous", |file, report| {
        report.only_lists(file, &["vectors"]);
        report.each(file, "vectors", placements::rendezvous);
    });
}

#[test]
fn vectors_shard_ketama() {
    runner::run("shard_ketama", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", ketama::case);
    });
}

#[test]
fn vectors_shard_movement() {
    runner::run("shard_movement", |file, report| {
        report.only_lists(file, &["rows"]);
        report.each(file, "rows", movement::row);
    });
}

#[test]
fn vectors_balls_into_bins() {
    runner::run("balls_into_bins", |file, report| {
        report.only_lists(file, &["rows"]);
        report.each(file, "rows", balls_into_bins::row);
    });
}
