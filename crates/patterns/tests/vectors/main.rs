//! The conformance vectors that concern the balancer, against its public interface.

mod fixture;
mod health_checks;
mod least_request;
mod manual;
mod manual_breaker;
mod manual_bulkhead;
mod manual_cqrs;
mod manual_sharding;
mod nginx;
mod outlier;
mod priorities;
mod ring_and_maglev;
mod rotations;
#[path = "../../../../tests/vectors/runner.rs"]
mod runner;

#[test]
fn vectors_lb_envoy_outlier() {
    runner::run("lb_envoy_outlier", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", outlier::case);
    });
}

#[test]
fn vectors_lb_envoy_priority_panic() {
    runner::run("lb_envoy_priority_panic", priorities::file);
}

#[test]
fn vectors_lb_envoy_rr_edf_slowstart() {
    runner::run("lb_envoy_rr_edf_slowstart", |file, report| {
        report.only_lists(file, &["edf", "round_robin", "grpc"]);
        report.each(file, "edf", rotations::earliest_deadline);
        report.each(file, "round_robin", rotations::round_robin);
        report.each(file, "grpc", rotations::grpc);
    });
}

#[test]
fn vectors_lb_haproxy_roundrobin() {
    runner::run("lb_haproxy_roundrobin", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", rotations::haproxy);
    });
}

#[test]
fn vectors_lb_health_checks() {
    runner::run("lb_health_checks", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", health_checks::case);
    });
}

#[test]
fn vectors_lb_least_request() {
    runner::run("lb_least_request", |file, report| {
        report.only_lists(file, &["n_choices", "full_scan", "weighted", "heap", "statistical"]);
        report.each(file, "n_choices", least_request::choices);
        report.each(file, "full_scan", least_request::full_scan);
        report.each(file, "weighted", least_request::weighted_schedule);
        report.each(file, "heap", least_request::heap);
        report.each(file, "statistical", least_request::statistical);
    });
}

#[test]
fn vectors_lb_nginx() {
    runner::run("lb_nginx", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", nginx::case);
    });
}

#[test]
fn vectors_shard_maglev_ring() {
    runner::run("shard_maglev_ring", |file, report| {
        report.only_lists(file, &["maglev", "ring_hash", "maglev_disruption_measured"]);
        report.each(file, "maglev", ring_and_maglev::maglev);
        report.each(file, "ring_hash", ring_and_maglev::ring);
        report.each(file, "maglev_disruption_measured", ring_and_maglev::disruption);
    });
}

#[test]
fn vectors_manual_python_cases() {
    runner::run("manual_python_cases", manual::file);
}
