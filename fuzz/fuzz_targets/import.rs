//! Bytes as an access log or counts per second: refused, or traffic that agrees with itself and with a scenario.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sandtable_sim::Scenario;
use sandtable_sim::import::{Format, ImportError, ImportOptions, Imported, KeyBy, MAX_LISTED, import};
use sandtable_sim::scenario::{Arrivals, Client, Trace};

fuzz_target!(|bytes: &[u8]| {
    let by_client = import(bytes, &ImportOptions::default());
    let by_path = import(bytes, &ImportOptions { key_by: KeyBy::Path, ..ImportOptions::default() });
    let tight = ImportOptions { max_requests: 3, max_seconds: 2, ..ImportOptions::default() };
    check_tight(&import(bytes, &tight), &by_client);
    match (by_client, by_path) {
        (Ok(by_client), Ok(by_path)) => {
            assert_eq!(by_client.counts, by_path.counts);
            check(&by_client);
            check(&by_path);
            check_as_traffic(by_client);
        }
        (by_client, by_path) => {
            assert_eq!(by_client, by_path, "what becomes the key refuses nothing");
            if let Err(ImportError::NothingUnderstood { lines_read, rejected, rejections }) = by_client {
                assert!(rejected <= lines_read && rejections.len() as u64 == rejected.min(MAX_LISTED as u64));
            }
        }
    }
});

fn check(imported: &Imported) {
    let Imported { counts, keys, distinct_keys, requests, lines_read, rejected, rejections, statuses, .. } = imported;
    assert!(counts.is_sorted_by(|one, next| one.0 < next.0) && counts.iter().all(|&(_, count)| count > 0));
    assert_eq!(counts.iter().map(|&(_, count)| u64::from(count)).sum::<u64>(), *requests);
    assert!(rejected < lines_read && rejections.len() as u64 == (*rejected).min(MAX_LISTED as u64));
    assert!(rejections.is_sorted_by(|one, next| one.line < next.line));
    if imported.format == Format::CountsPerSecond {
        assert!(keys.is_empty() && statuses.iter().sum::<u64>() == 0);
    } else {
        // Rows that count nothing may come before the first of a table's requests.
        assert_eq!(counts.first().map(|first| first.0), Some(0));
        assert_eq!((keys.len() as u64, statuses.iter().sum::<u64>()), (*requests, *requests));
        assert_eq!(keys.iter().max().map(|most| most + 1), Some(*distinct_keys));
    }
}

/// A bound refuses what is above it and changes nothing below.
fn check_tight(tight: &Result<Imported, ImportError>, loose: &Result<Imported, ImportError>) {
    match tight {
        Ok(imported) => {
            assert!(imported.counts.len() <= 2 && imported.keys.len() <= 3);
            assert_eq!(tight, loose);
        }
        Err(ImportError::TooManyRequests { .. } | ImportError::TooManySeconds { .. }) => {}
        Err(_) => assert_eq!(tight, loose),
    }
}

/// What was read is a trace that a scenario can have, as far as its limits allow.
fn check_as_traffic(imported: Imported) {
    let requests = imported.requests;
    let trace = Trace { name: String::new(), counts: imported.counts, keys: imported.keys };
    let client = Client { arrivals: Arrivals::Trace, trace, ..Client::default() };
    let scenario = Scenario { clients: vec![client], ..Scenario::default() };
    assert_eq!(scenario.validate().is_ok(), requests <= u64::from(scenario.limits.requests));
}
