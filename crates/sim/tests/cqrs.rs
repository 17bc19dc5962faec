//! Command and query sides: what is written, how far the read models come, how old answers are, and that nothing is lost.
#![cfg(feature = "stores")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use proptest::prelude::*;
use sandtable_sim::run::{CqrsReport, LogColumns, MODEL_STRIDE, ModelReport, REQUEST_STRIDE, RequestRow};
use sandtable_sim::{Kind, Outcome, Reason, Run, Scenario, simulate};

/// 50 soldiers, 150 requests a second for 8 s, three of ten of them commands.
fn scenario(sides: &str, faults: &str) -> String {
    format!(
        r#"{{ "duration_ms": 8000, "services": [],
              "clients": [{{ "rate_per_s": 150, "commands_percent": 30, "keys": {{ "count": 50 }} }}],
              "cqrs": [{{ "soldiers": 50 {sides} }}], "faults": [{faults}] }}"#
    )
}

fn report(run: &Run) -> CqrsReport {
    run.report().cqrs[0].clone()
}

fn model(run: &Run) -> ModelReport {
    report(run).models[0].clone()
}

/// The event that the first read model wanted next at a moment.
fn position_at(log: &LogColumns, t: u64) -> usize {
    let at_ms = t as f64 / 1e6;
    let before = log.progress_at[0].partition_point(|&at| at <= at_ms);
    log.progress[0][before - 1] as usize
}

fn nanos(ms: f64) -> u64 {
    (ms * 1e6).round() as u64
}

/// What a query was told is as old as the first event about its soldier that the read model lacked: found in the log by
/// itself.
#[test]
fn an_answer_is_as_old_as_the_first_event_that_the_model_lacked() {
    for sides in ["", r#", "models": [{ "delay_ms": 400, "event_ms": 15 }]"#] {
        let stop = r#"{ "kind": "stop_projection", "target": "by_person", "at_ms": 2000, "for_ms": 1500 }"#;
        let run = run(&scenario(sides, stop));
        let log = run.log(0);
        let (mut stale, mut fresh) = (0, 0);
        for row in rows(&run).iter().filter(|row| row.kind == Kind::Query && row.outcome == Outcome::Succeeded) {
            let lacked = position_at(&log, row.worked)..log.at_ms.len();
            let written = |&position: &usize| nanos(log.at_ms[position]) < row.worked;
            let own = lacked.filter(written).find(|&position| log.person[position] == row.key);
            let age = own.map_or(0, |position| row.worked - nanos(log.at_ms[position]));
            assert!(row.stale.abs_diff(age) <= 1, "{row:?} {age}");
            if age > 0 { stale += 1 } else { fresh += 1 }
        }
        assert!(stale > 20 && fresh > 100, "{stale} {fresh}");
        assert_eq!(report(&run).stale, stale);
    }
}

#[test]
fn answers_are_counted_for_each_read_model_and_together() {
    let apart = r#", "models": [{ "delay_ms": 400 }, { "kind": "strength", "projection": { "delivery": "inline" } }]"#;
    for sides in [apart, r#", "layout": "shared""#] {
        let told = report(&run(&scenario(sides, "")));
        assert_eq!(told.models.iter().map(|model| model.answered).sum::<u32>(), told.queries);
        assert_eq!(told.models.iter().map(|model| model.stale).sum::<u32>(), told.stale);
        let last = told.models.last().unwrap();
        assert!(last.answered > 100 && last.stale == 0, "{last:?}");
    }
}

/// Every event stands in the log by its command, in the order of time, and each soldier's versions have no gap.
#[test]
fn each_command_that_was_carried_out_is_an_event_of_its_soldier() {
    let run = run(&scenario("", ""));
    let (log, rows) = (run.log(0), rows(&run));
    assert!(log.at_ms.is_sorted());
    let mut versions = [0; 50];
    for position in 0..log.at_ms.len() {
        let person = log.person[position] as usize;
        assert_eq!(log.version[position], versions[person]);
        versions[person] += 1;
        if log.request[position] >= 0.0 {
            let row = &rows[log.request[position] as usize];
            assert_eq!((row.kind, row.key as usize, row.worked), (Kind::Command, person, nanos(log.at_ms[position])));
        }
    }
    let carried = rows.iter().filter(|row| row.kind == Kind::Command && row.outcome == Outcome::Succeeded).count();
    let at_start = log.request.iter().filter(|&&request| request < 0.0).count();
    assert_eq!((report(&run).commands as usize, log.at_ms.len()), (carried, carried + at_start));
    assert!((10..=40).contains(&at_start), "{at_start}");
}

/// In a model that is written in the same step nothing is ever old; one that nobody feeds stays as it was.
#[test]
fn inline_models_are_never_behind_and_models_by_hand_always() {
    let inline = run(&scenario(r#", "models": [{ "projection": { "delivery": "inline" } }]"#, ""));
    assert_eq!((report(&inline).stale, model(&inline).behind, model(&inline).as_replayed), (0, 0, true));
    let by_hand = run(&scenario(r#", "models": [{ "projection": { "delivery": "by_hand" } }]"#, ""));
    let told = model(&by_hand);
    assert!(told.applied == 0 && told.behind == report(&by_hand).events);
    // A command waits for what it writes in the same step.
    assert!(report(&inline).command_latency.mean_ms.unwrap() > report(&by_hand).command_latency.mean_ms.unwrap() + 9.0);
}

/// The read model takes each event in at the earliest after its way and its turn, one after another.
#[test]
fn events_take_their_way_and_their_turn() {
    let run = run(&scenario(r#", "models": [{ "delay_ms": 80, "event_ms": 12 }]"#, ""));
    let log = run.log(0);
    let mut free = 0;
    let start = log.progress[0][0];
    let moved = log.progress_at[0].iter().zip(&log.progress[0]).skip(1);
    for (&at, &wants) in moved {
        let written = nanos(log.at_ms[wants as usize - 1]);
        free = free.max(written + 80_000_000) + 12_000_000;
        assert_eq!(nanos(at), free);
    }
    assert!(log.progress[0].last().unwrap() > &(start + 200));
}

/// The report's figures of a read model, found again in the log; what was there at the start was never behind.
#[test]
fn a_read_model_is_behind_by_what_was_written_since() {
    let run = run(&scenario(r#", "models": [{ "delay_ms": 80, "event_ms": 12 }]"#, ""));
    let (log, told) = (run.log(0), model(&run));
    let mut longest = 0;
    let mut most = 0;
    let steps: Vec<(u64, usize)> =
        log.progress_at[0].iter().zip(&log.progress[0]).map(|(&at, &wants)| (nanos(at), wants as usize)).collect();
    for pair in steps.windows(2) {
        let ((_, before), (at, wants)) = (pair[0], pair[1]);
        longest = longest.max(at - nanos(log.at_ms[before]));
        assert_eq!(wants, before + 1);
        most = most.max(log.at_ms.iter().filter(|&&written| nanos(written) <= at).count() - before);
    }
    assert_eq!((nanos(told.longest_lag_ms.unwrap()), told.most_behind as usize), (longest, most));
    assert!((2..60).contains(&most), "{most}");
}

/// A read model that is written in the same step and takes nothing in keeps the log from being written, too.
#[test]
fn a_stopped_inline_model_stops_the_commands() {
    let stop = r#"{ "kind": "stop_projection", "target": "by_person", "at_ms": 2000, "for_ms": 2000 }"#;
    let run = run(&scenario(r#", "models": [{ "projection": { "delivery": "inline" } }]"#, stop));
    let refused: Vec<RequestRow> = rows(&run).into_iter().filter(|row| row.reason == Reason::LogRefused).collect();
    assert!(refused.len() > 30, "{}", refused.len());
    assert!(refused.iter().all(|row| (2_000_000_000..4_000_000_000).contains(&row.worked)));
    let told = run.explain(refused[0].request).unwrap();
    assert!(told.steps.iter().any(|step| step.text.starts_with("Refused by the log")), "{told:?}");
    assert!(model(&run).as_replayed && report(&run).stale == 0);
}

/// What the picture tells of them: its kind of every request, and of a stale answer its age.
#[test]
fn a_frame_tells_commands_from_queries_and_stale_answers_from_others() {
    let run = run(&scenario(r#", "models": [{ "delay_ms": 400 }]"#, ""));
    let (mut commands, mut stale) = (0, 0);
    for t_ms in (500..6_000).step_by(50) {
        let frame = run.frame(f64::from(t_ms), 0.0, 10_000);
        for row in frame.requests.chunks(REQUEST_STRIDE) {
            let (own, flags) = (run.row(row[0] as u32).unwrap(), row[7] as u32);
            assert_eq!(flags & 256 != 0, own.kind == Kind::Command, "{row:?}");
            let answers = row[1] == 4.0 || row[1] == 5.0;
            assert_eq!(flags & 512 != 0, answers && own.stale > 0, "{row:?}");
            if flags & 512 != 0 {
                assert_eq!(row[4], (own.stale as f64 / 1e6) as f32);
                stale += 1;
            }
            commands += u32::from(flags & 256 != 0);
        }
        let share = frame.models[6];
        assert!(share.is_nan() || (0.0..=1.0).contains(&share), "{share}");
    }
    assert!(commands > 50 && stale > 10, "{commands} {stale}");
    // Without a lag nothing is stale.
    let prompt = self::run(&scenario(r#", "models": [{ "projection": { "delivery": "inline" } }]"#, ""));
    assert_eq!(prompt.frame(4_000.0, 0.0, 1).models[6], 0.0);
}

#[test]
fn a_command_tells_when_each_read_model_had_what_it_wrote() {
    let models = r#", "models": [{ "delay_ms": 100 }, { "kind": "by_company", "delay_ms": 300 }]"#;
    let run = run(&scenario(models, ""));
    let log = run.log(0);
    let written = log.request.iter().position(|&request| request >= 0.0).unwrap();
    let told = run.explain(log.request[written] as u32).unwrap();
    for model in ["by person", "by company"] {
        let sentence = format!("The read model {model} has event {written}, ");
        let step = told.steps.iter().find(|step| step.text.starts_with(&sentence)).unwrap();
        assert!(step.at_ms >= log.at_ms[written] + 100.0, "{told:?}");
    }
}

#[test]
fn a_stopped_projection_stands_still_and_then_makes_up() {
    let stop = r#"{ "kind": "stop_projection", "target": "by_person", "at_ms": 2000, "for_ms": 2000 }"#;
    let run = run(&scenario(r#", "models": [{ "event_ms": 2 }]"#, stop));
    let row = |t: f64| run.frame(t, 0.0, 1).models[..MODEL_STRIDE].to_vec();
    let (early, late, after) = (row(2_100.0), row(3_900.0), row(4_600.0));
    assert_eq!((early[1], early[5]), (late[1], 1.0));
    assert!(late[2] > 40.0 && late[3] > 1_500.0, "{late:?}");
    let told = run.narrate(3_900.0);
    assert!(told.starts_with("At 3.9 s both sides serve. The read model by person is stopped and lacks "), "{told}");
    assert!(told.contains(&format!("lacks {} events, the oldest for 1.", late[2])), "{told}");
    assert!(after[2] < 10.0 && after[5] == 0.0, "{after:?}");
}

/// In sentences no read model has an underscore, and what the loss of a side means is told as it is.
#[test]
fn trouble_of_a_side_is_told_in_its_own_words() {
    let told = |sides: &str, kind: &str, target: &str, at_ms: f64| {
        let fault = format!(r#"{{ "kind": "{kind}", "target": "{target}", "at_ms": 2000, "factor": 3 }}"#);
        let run = run(&scenario(sides, &fault));
        let words: Vec<String> = run.narrate(at_ms).split(". ").skip(1).take(1).map(str::to_owned).collect();
        for row in rows(&run).iter().step_by(29) {
            assert!(!format!("{:?}", run.explain(row.request)).contains("by_person"), "{row:?}");
        }
        words.join("")
    };
    for (kind, target, sentence) in [
        (
            "crash",
            "by_person",
            "The read model by person has been down for 0.5 s: its queries fail meanwhile; events go on being written without it",
        ),
        (
            "crash",
            "commands",
            "The side that writes has been down for 0.5 s: nothing can be written meanwhile; queries go on without it",
        ),
        ("errors", "by_person", "The read model by person has failed 50 % of its queries for 0.5 s"),
        ("errors", "commands", "The side that writes has failed 50 % of its commands for 0.5 s"),
        ("slow", "by_person", "The read model by person has worked 3 times slower for 0.5 s"),
    ] {
        assert_eq!(told("", kind, target, 2_500.0), sentence);
    }
    let shared = told(r#", "layout": "shared""#, "crash", "model", 2_460.0);
    assert_eq!(shared, "The one model has been down for 0.5 s: neither commands nor queries are answered meanwhile");
    // Nothing has come since the projection stopped, or all that was written was in before.
    let prompt = r#", "models": [{ "projection": { "delivery": "inline" } }]"#;
    let stopped = told(prompt, "stop_projection", "by_person", 3_000.0);
    assert_eq!(stopped, "The read model by person is stopped and has all events so far");
}

#[test]
fn what_is_left_out_is_told_of_what_there_is() {
    let told = run(&scenario("", "")).report().not_modelled.join(" ");
    assert!(told.contains("router") && !told.contains("balancer") && !told.contains("checks"), "{told}");
    let checked = run("{}").report().not_modelled.join(" ");
    assert!(
        checked.contains("balancer") && checked.contains("Health checks") && !checked.contains("router"),
        "{checked}"
    );
}

/// A query about a soldier whose last command was answered waits until that is in the read model, and no longer.
#[test]
fn who_reads_their_own_writes_waits_for_them() {
    let slow = r#""models": [{ "delay_ms": 300, "event_ms": 5 }]"#;
    let waits = format!(r#", {slow}, "queries": {{ "consistency": "read_your_writes", "wait_ms_max": 5000 }}"#);
    let run_waiting = run(&scenario(&waits, ""));
    let (log, all) = (run_waiting.log(0), rows(&run_waiting));
    let mut waited = 0;
    for row in all.iter().filter(|row| row.kind == Kind::Query && row.started > row.at_instance) {
        // By when it started, the last event of its soldier that a client knew of when it came was in.
        let known = (0..log.at_ms.len())
            .rev()
            .find(|&position| log.person[position] == row.key && nanos(log.at_ms[position]) <= row.at_instance);
        assert!(position_at(&log, row.started) > known.unwrap(), "{row:?}");
        waited += 1;
    }
    assert!(waited > 50, "{waited}");
    assert!(model(&run_waiting).most_waiting > 0);
    let refuses = waits.replace("5000", "20, \"on_timeout\": \"refuse\"");
    let refused = run(&scenario(&refuses, ""));
    let late = rows(&refused).into_iter().filter(|row| row.reason == Reason::NotCaughtUp).collect::<Vec<_>>();
    assert!(late.len() > 20 && report(&refused).not_caught_up as usize == late.len());
    assert!(late.iter().all(|row| row.started - row.at_instance == 20_000_000));
    let stale = waits.replace("5000", "20, \"on_timeout\": \"answer_stale\"");
    assert_eq!(report(&run(&scenario(&stale, ""))).not_caught_up, 0);
}

/// The same requests come to one model and to two. Where commands lock it, nothing is worked on beside them.
#[test]
fn a_command_that_locks_the_shared_model_has_it_alone() {
    let apart = run(&scenario("", ""));
    let shared = run(&scenario(r#", "layout": "shared""#, ""));
    let brought = |run: &Run| rows(run).iter().map(|row| (row.sent, row.key, row.kind)).collect::<Vec<_>>();
    assert_eq!(brought(&apart), brought(&shared));
    let all = rows(&shared);
    assert!(all.iter().all(|row| row.stale == 0));
    for command in all.iter().filter(|row| row.kind == Kind::Command && row.finished > row.started) {
        let beside = |row: &&RequestRow| {
            let worked_on = row.started < row.finished && row.request != command.request;
            worked_on && row.started < command.finished && command.started < row.finished
        };
        assert_eq!(all.iter().find(beside), None, "{command:?}");
    }
    // Nobody overtakes who came before.
    let mut worked: Vec<&RequestRow> = all.iter().filter(|row| row.finished > row.started).collect();
    worked.sort_by_key(|row| row.at_instance);
    assert!(worked.windows(2).all(|pair| pair[0].started <= pair[1].started));
    let free = run(&scenario(r#", "layout": "shared", "shared": { "locks": false }"#, ""));
    let wait = |run: &Run| run.report().wait.mean_ms.unwrap();
    assert!(wait(&shared) > 5.0 * wait(&free), "{} {}", wait(&shared), wait(&free));
}

/// Clients ask for what makes sense by what they saw. From a read model that is behind, that is more often wrong.
#[test]
fn stale_reads_lead_to_commands_that_are_rejected() {
    let rejected = |sides: &str| {
        let run = run(&scenario(sides, ""));
        let told = report(&run).rejected.iter().map(|count| count.count).sum::<u32>();
        assert_eq!(told as usize, rows(&run).iter().filter(|row| row.reason == Reason::Rejected).count());
        told
    };
    let (fresh, stale) = (rejected(""), rejected(r#", "models": [{ "delay_ms": 2000 }]"#));
    assert!(stale > 3 * fresh && stale > 50, "{fresh} {stale}");
}

/// Two commands about one soldier that read the same state: one is written, the other conflicts, unless it decides anew.
#[test]
fn the_second_of_two_commands_conflicts_or_decides_anew() {
    let busy = |tries: u32| {
        let sides = format!(
            r#", "commands": {{ "concurrency": 50, "work": {{ "mean_ms": 300 }}, "rule": {{ "conflict_retries": {tries} }} }}"#
        );
        run(&scenario(&sides, ""))
    };
    let (refused, anew) = (busy(0), busy(10));
    assert!(report(&refused).conflicts > 20, "{}", report(&refused).conflicts);
    assert_eq!(report(&anew).conflicts, 0);
    let row = rows(&refused).into_iter().find(|row| row.reason == Reason::Conflict).unwrap();
    let told = refused.explain(row.request).unwrap();
    assert!(told.steps.iter().any(|step| step.text.contains("was written since this one read")), "{told:?}");
}

#[test]
fn commands_and_their_events_can_be_read() {
    let run = run(&scenario("", ""));
    let text = |request: u32| {
        run.explain(request).unwrap().steps.into_iter().map(|step| step.text).collect::<Vec<_>>().join(" ")
    };
    let rows = rows(&run);
    let written = rows.iter().find(|row| row.kind == Kind::Command && row.outcome == Outcome::Succeeded).unwrap();
    let told = text(written.request);
    assert!(told.contains("Command: ") && told.contains("Written as event "), "{told}");
    assert!(told.contains(&format!("soldier_{}", written.key)), "{told}");
    let rejected = text(rows.iter().find(|row| row.reason == Reason::Rejected).unwrap().request);
    assert!(rejected.contains("Rejected: soldier_"), "{rejected}");
    let stale = text(rows.iter().find(|row| row.stale > 1_000_000).unwrap().request);
    assert!(stale.contains("Query: in which company is soldier_") && stale.contains("The answer was stale"), "{stale}");
}

/// A count that takes events in again is wrong; one whose position is stored with the effect is not.
#[test]
fn only_at_least_once_counts_twice_after_a_crash() {
    let crashes: Vec<String> = (1..7)
        .map(|second| {
            format!(r#"{{ "kind": "crash_projection", "target": "strength", "at_ms": {} }}"#, second * 1_000 + 5)
        })
        .collect();
    let counted = |guarantee: &str| {
        let projection = format!(r#"{{ "guarantee": "{guarantee}", "checkpoint_every": 20 }}"#);
        let sides = format!(r#", "models": [{{ "kind": "strength", "projection": {projection} }}]"#);
        model(&run(&scenario(&sides, &crashes.join(","))))
    };
    let (once, again) = (counted("exactly_once"), counted("at_least_once"));
    assert!(once.as_replayed && !again.as_replayed, "{once:?} {again:?}");
    assert!(again.applied > once.applied);
}

#[test]
fn a_rebuilt_model_begins_at_the_first_event_and_comes_to_the_same() {
    let rebuild = r#"{ "kind": "rebuild", "target": "by_person", "at_ms": 4000 }"#;
    let run = run(&scenario(r#", "models": [{ "event_ms": 2 }]"#, rebuild));
    let row = |t: f64| run.frame(t, 0.0, 1).models[..MODEL_STRIDE].to_vec();
    let (before, just_after, later) = (row(3_990.0), row(4_050.0), row(5_500.0));
    assert!(before[5] == 0.0 && just_after[5] == 3.0 && later[5] == 0.0, "{before:?} {just_after:?} {later:?}");
    assert!((20.0..30.0).contains(&just_after[1]), "{just_after:?}");
    assert!(model(&run).as_replayed && later[2] < 10.0);
}

#[test]
fn a_fault_of_a_projection_changes_nothing_before_it() {
    for kind in ["stop_projection", "crash_projection", "deliver_twice", "out_of_order", "rebuild", "crash"] {
        let fault = format!(r#"{{ "kind": "{kind}", "target": "by_person", "at_ms": 3000, "for_ms": 1500 }}"#);
        let (plain, faulty) = (run(&scenario("", "")), run(&scenario("", &fault)));
        let before = |run: &Run| rows(run).into_iter().filter(|row| row.freed < 3_000_000_000).collect::<Vec<_>>();
        assert_eq!(before(&plain), before(&faulty), "{kind}");
        assert_ne!(model(&plain), model(&faulty), "{kind}");
        assert!(model(&faulty).as_replayed, "{kind}");
    }
}

#[test]
fn every_mistake_about_sides_is_told() {
    let json = r#"{ "services": [], "clients": [{ "calls": [{ "to": "nowhere" }] }],
        "cqrs": [{ "name": "a", "models": [{}, { "kind": "by_person" }] }, { "name": "a", "models": [] },
                 { "name": "c", "layout": "shared", "models": [] }],
        "faults": [{ "kind": "rebuild", "target": "a/commands" }, { "kind": "stop_projection", "target": "c/model" },
                   { "kind": "crash", "target": "a/nobody" }, { "kind": "add_shard", "target": "a" }] }"#;
    let told = Scenario::from_json(json).unwrap_err().to_string();
    for part in [
        "clients[0].calls[0].to: found \"nowhere\"; allowed: one of the services and stores: a, a, c",
        "cqrs[0].models[1].kind: found by_person again; allowed: another kind than the models before it",
        "cqrs[1].name: found \"a\" again",
        "cqrs[1].models: found 0 items; allowed: 1 to 3",
        "faults[0].target: found \"a/commands\"; allowed: a read model: a/by_person, a/by_person",
        "faults[1].target: found \"c/model\"; allowed: a read model: ",
        "faults[2].target: found \"a/nobody\"; allowed: a node (a/commands to a/by_person, ",
        "faults[3].target: found \"a\"; allowed: a store: none here",
    ] {
        assert!(told.contains(part), "{part:?} is not in:\n{told}");
    }
    let few = r#"{ "services": [], "cqrs": [{ "store": { "most_events": 3 } }] }"#;
    let told = simulate(&Scenario::from_json(few).unwrap()).unwrap_err().to_string();
    assert!(told.contains("cqrs[0].store.most_events: found 3; allowed: at least as many as soldiers"), "{told}");
}

#[test]
fn what_is_written_down_is_what_was_read() {
    for json in [r#"{ "services": [], "cqrs": [{}] }"#.to_owned(), scenario(r#", "layout": "shared""#, "")] {
        let scenario = Scenario::from_json(&json).unwrap();
        assert_eq!(Scenario::from_json(&scenario.to_json()).unwrap(), scenario);
        let compact = scenario.to_compact_json();
        assert_eq!(Scenario::from_json(&compact).unwrap(), scenario, "{compact}");
        assert!(compact.len() < 400, "{compact}");
    }
}

fn any_fault() -> impl Strategy<Value = serde_json::Value> {
    let kinds = vec![
        "stop_projection",
        "crash_projection",
        "deliver_twice",
        "out_of_order",
        "rebuild",
        "crash",
        "slow",
        "errors",
    ];
    let target = prop::sample::select(vec!["by_person", "strength", "by_company", "commands"]);
    (prop::sample::select(kinds), target, 0.0..1_500.0, prop::option::of(0.0..800.0), 0.1..6.0).prop_map(
        |(kind, target, at_ms, for_ms, factor)| {
            let nodes = matches!(kind, "crash" | "slow" | "errors");
            let target = if target == "commands" && !nodes { "by_person" } else { target };
            serde_json::json!({ "kind": kind, "target": target, "at_ms": at_ms, "for_ms": for_ms, "factor": factor })
        },
    )
}

fn any_scenario() -> impl Strategy<Value = serde_json::Value> {
    let calls = prop::sample::select(vec![
        serde_json::json!({}),
        serde_json::json!({ "timeout_ms": 60, "retry": { "attempts": 3 }, "cancel": true }),
        serde_json::json!({ "timeout_ms": 60, "breaker": { "enabled": true, "scope": "instance" }, "bulkhead": { "enabled": true } }),
    ]);
    let projection = (prop::sample::select(vec!["inline", "asynchronous"]), 0_u32..5, 0.0..30.0, 0.0..200.0);
    let queries = (any::<bool>(), any::<bool>(), 0.0..300.0);
    let commands = (0_u32..3, 0_u32..4, 1_u32..5, 0_u32..6, any::<bool>());
    (calls, projection, queries, commands, prop::collection::vec(any_fault(), 0..6), 0.0..100.0, 0_u32..1_000, 1_u32..30).prop_map(
        |(call, (delivery, kept, event_ms, delay_ms), (own, refuse, wait), (retries, snapshots, concurrency, queue, validated), faults, share, seed, soldiers)| {
            let model = |kind: &str| serde_json::json!({ "kind": kind, "event_ms": event_ms, "delay_ms": delay_ms,
                "concurrency": concurrency, "queue_limit": queue,
                "projection": { "delivery": delivery, "reorder_max": kept } });
            serde_json::json!({ "seed": seed, "duration_ms": 1500, "services": [], "faults": faults,
                "clients": [{ "rate_per_s": 150, "commands_percent": share, "keys": { "count": 40 }, "calls": [call] }],
                "cqrs": [{ "soldiers": soldiers, "companies": 1 + seed % 4,
                    "models": [model("by_person"), model("strength"), model("by_company")],
                    "commands": { "concurrency": concurrency, "queue_limit": queue,
                                  "rule": { "conflict_retries": retries, "snapshot_every": snapshots, "validated": validated } },
                    "queries": { "consistency": if own { "read_your_writes" } else { "eventual" }, "wait_ms_max": wait,
                                 "on_timeout": if refuse { "refuse" } else { "answer_stale" } } }] })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever goes wrong with deliveries, read models and nodes: each request ends once, each read model is what a
    /// replay of the log gives, and reading the run anywhere gives an answer.
    #[test]
    fn a_read_model_is_what_a_replay_gives(json in any_scenario()) {
        let scenario = Scenario::from_json(&json.to_string()).unwrap();
        let run = simulate(&scenario).unwrap();
        let all = rows(&run);
        let ended = all.iter().filter(|row| row.next.is_none()).count();
        prop_assert_eq!(ended as u32, run.requests());
        let log = run.log(0);
        for (number, model) in report(&run).models.iter().enumerate() {
            // Longest behind it is just before it moves on, or at the end.
            let moments = log.progress_at[number].iter().skip(1).map(|&at| at - 1e-6).chain([run.end_ms()]);
            let ages = moments.map(|t_ms| run.frame(t_ms, 0.0, 1).models[number * MODEL_STRIDE + 3]);
            let oldest = ages.fold(0.0, f32::max);
            let told = model.longest_lag_ms.unwrap_or(0.0) as f32;
            prop_assert!((told - oldest).abs() <= 0.01 + told * 1e-5, "{} {}", told, oldest);
            prop_assert!(model.stale <= model.answered && model.answered <= report(&run).queries);
            // What nobody checked says too little to count by, and is counted alike by both.
            prop_assert!(model.as_replayed, "{:?}", model);
        }
        prop_assert!(run.series(40).buckets > 0);
        for step in 0_u32..=8 {
            let t_ms = run.end_ms() * f64::from(step) / 8.0;
            for model in run.frame(t_ms, 0.0, 1).models.chunks(MODEL_STRIDE) {
                prop_assert!(model[1] <= model[0] && model[2] == model[0] - model[1] && model[3] >= 0.0, "{:?}", model);
            }
            prop_assert!(!run.narrate(t_ms).is_empty());
        }
        prop_assert_eq!(simulate(&scenario).unwrap().digest(), run.digest());
        for row in all.iter().step_by(17) {
            prop_assert!(!run.explain(row.request).unwrap().steps.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// The longest lag is the greatest age that any frame shows, and likewise the farthest that a read model is behind. Both
    /// are greatest just before it wants another event, or at the end.
    #[test]
    fn lags_are_the_greatest_in_the_picture(json in any_scenario(), by_hand in any::<bool>()) {
        let mut json = json;
        if by_hand {
            json["cqrs"][0]["models"][1]["projection"]["delivery"] = "by_hand".into();
        }
        let run = simulate(&Scenario::from_json(&json.to_string()).unwrap()).unwrap();
        let log = run.log(0);
        let before = log.progress_at.iter().flatten().filter(|&&at| at > 0.0).map(|at| at - 2e-6);
        let mut greatest = vec![(0.0_f32, 0.0_f32); 3];
        for t_ms in before.chain([run.end_ms()]) {
            for (greatest, row) in greatest.iter_mut().zip(run.frame(t_ms, 0.0, 1).models.chunks(MODEL_STRIDE)) {
                *greatest = (greatest.0.max(row[2]), greatest.1.max(row[3]));
            }
        }
        for (model, (behind, age)) in report(&run).models.iter().zip(greatest) {
            let longest = model.longest_lag_ms.unwrap_or(0.0);
            prop_assert_eq!(model.most_behind, behind as u32);
            prop_assert!((longest - f64::from(age)).abs() <= 1e-6 * longest + 1e-5, "{:?} {}", model, age);
        }
    }
}
