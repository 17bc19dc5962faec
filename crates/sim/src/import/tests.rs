use proptest::prelude::*;

use super::*;

const EXCERPT: &[u8] = include_bytes!("../../tests/data/access-excerpt.log");
const ODD_LINES: &[u8] = include_bytes!("../../tests/data/odd-lines.log");

fn read(bytes: impl AsRef<[u8]>) -> Imported {
    import(bytes.as_ref(), &ImportOptions::default()).unwrap()
}

fn refusal(bytes: impl AsRef<[u8]>) -> ImportError {
    import(bytes.as_ref(), &ImportOptions::default()).unwrap_err()
}

fn reasons(trace: &Imported) -> Vec<(u64, Reason)> {
    trace.rejections.iter().map(|it| (it.line, it.reason)).collect()
}

/// What holds of everything that was imported.
fn check_consistent(trace: &Imported) {
    assert!(trace.counts.is_sorted_by(|a, b| a.0 < b.0));
    assert!(trace.counts.iter().all(|&(_, count)| count > 0));
    assert_eq!(trace.counts.iter().map(|&(_, count)| u64::from(count)).sum::<u64>(), trace.requests);
    assert!(trace.requests > 0);
    let mut seen = 0;
    for &key in &trace.keys {
        assert!(key <= seen, "keys are numbered by first appearance");
        seen = seen.max(key + 1);
    }
    assert_eq!(seen, trace.distinct_keys);
    assert_eq!(trace.rejections.len() as u64, trace.rejected.min(MAX_LISTED as u64));
    assert!(trace.rejections.is_sorted_by(|a, b| a.line < b.line));
    assert!(trace.rejections.iter().all(|it| (1..=trace.lines_read).contains(&it.line)));
    if trace.format != Format::CountsPerSecond {
        assert_eq!(trace.keys.len() as u64, trace.requests);
        assert_eq!(trace.statuses.iter().sum::<u64>(), trace.requests);
        assert_eq!(trace.counts[0].0, 0);
    }
}

// ---------------------------------------------------------------------------------------------- access logs

#[test]
fn a_real_log_imports_whole() {
    let trace = read(EXCERPT);
    check_consistent(&trace);
    assert_eq!(trace.format, Format::CombinedLog);
    assert_eq!((trace.requests, trace.lines_read, trace.rejected), (303, 303, 0));
    // 17 May 2015 10:05 UTC; the seconds are shuffled within each minute.
    assert_eq!(trace.first, Some(1_431_857_100));
    assert_eq!(trace.statuses[5], 3);
}

/// `SANDTABLE_ACCESS_LOG=path cargo test whole_log -- --ignored`
#[test]
#[ignore = "needs the whole log, which is not kept here"]
fn the_whole_log_imports_whole() {
    let path = std::env::var_os("SANDTABLE_ACCESS_LOG").expect("SANDTABLE_ACCESS_LOG names the log");
    let trace = read(std::fs::read(path).unwrap());
    check_consistent(&trace);
    assert_eq!((trace.requests, trace.rejected, trace.distinct_keys), (10_000, 0, 1_753));
    assert_eq!(trace.statuses, [0, 0, 9_171, 609, 217, 3]);
}

#[test]
fn uncommon_lines_are_taken_and_broken_ones_listed() {
    let trace = read(ODD_LINES);
    check_consistent(&trace);
    assert_eq!(trace.format, Format::CommonLog, "that of the first good line");
    assert_eq!(
        reasons(&trace),
        [
            (19, Reason::NoTime),
            (20, Reason::BadTime),
            (21, Reason::BadTime),
            (22, Reason::BadTime),
            (23, Reason::BadTime),
            (24, Reason::FewFields),
            (25, Reason::NoRequest),
            (26, Reason::UnclosedRequest),
            (27, Reason::BadStatus),
            (28, Reason::BadStatus),
            (29, Reason::BadStatus),
            (30, Reason::BadSize),
            (31, Reason::BadSize),
        ]
    );
    assert_eq!((trace.lines_read, trace.rejected, trace.requests), (31, 13, 15));
    assert_eq!(trace.first, Some(1_431_857_102));
    assert_eq!(trace.counts, [(0, 1), (1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (6, 2), (7, 1)]);
    assert_eq!(trace.keys, [0, 0, 0, 1, 2, 3, 4, 5, 5, 6, 6, 6, 7, 7, 8]);
    assert_eq!(trace.statuses, [1, 0, 8, 1, 4, 1]);
}

#[test]
fn clients_and_paths_are_found_in_uncommon_lines() {
    let entries: Vec<_> = lines::content(ODD_LINES).filter_map(|(_, line)| access_log::parse(line).ok()).collect();
    let clients: Vec<_> = entries.iter().map(|it| String::from_utf8_lossy(it.client)).collect();
    assert_eq!(
        clients[..7],
        ["203.0.113.1", "203.0.113.1", "2001:db8::7", "203.0.113.2", "203.0.113.3", "198.51.100.8", "203.0.113.1",]
    );
    let paths: Vec<_> = entries.iter().map(|it| String::from_utf8_lossy(it.path())).collect();
    assert_eq!(
        paths[6..12],
        ["/earlier", r#"/escaped\"quote\""#, r#"/plain"quote""#, "-", r"\x16\x03\x01", "/no-status",]
    );
}

#[test]
fn a_path_can_be_the_key() {
    let log = b"a - - [17/May/2015:10:05:03 +0000] \"GET /x?1 HTTP/1.1\" 200 5\n\
                b - - [17/May/2015:10:05:03 +0000] \"GET /x?2 HTTP/1.1\" 200 5\n\
                a - - [17/May/2015:10:05:01 +0000] \"GET /y HTTP/1.1\" 200 5\n";
    let by_path = ImportOptions { key_by: KeyBy::Path, ..ImportOptions::default() };
    assert_eq!(import(log, &by_path).unwrap().keys, [0, 1, 1]);
    assert_eq!(read(log).keys, [0, 0, 1]);
}

#[test]
fn the_hundred_and_first_broken_line_is_counted_but_not_listed() {
    let good = "a - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5\n";
    let trace = read(["broken\n".repeat(150).as_str(), good].concat());
    check_consistent(&trace);
    assert_eq!((trace.rejected, trace.rejections.len(), trace.requests), (150, 100, 1));
    assert_eq!(trace.rejections[99], Rejection { line: 100, reason: Reason::NoTime });
}

// ---------------------------------------------------------------------------------------------- CSV

#[test]
fn counts_come_with_any_delimiter_header_and_line_ending() {
    for table in [
        "second,requests\n0,0\n3,5\n2,1\n",
        "3,5\n2,1\n0,0",
        "\u{feff}second;requests\r\n0;0\r\n3;5\r\n2;1\r\n",
        "second\trequests\n\n# a remark\n3\t5\n2\t1\n",
        "\"second\",\"requests\"\n\"3\",\"5\"\n\"2\" , \"1\"\n",
        " requests per second , time \n 5 , 3 \n 1 , 2 \n",
        "host,seconds,latency,count\na,3,0.5,2\nb,3,0.7,3\na,2,0.1,1\n",
        "3,5.0,x\n2,1.0,y\n",
    ] {
        let trace = read(table);
        check_consistent(&trace);
        assert_eq!(trace.format, Format::CountsPerSecond, "{table}");
        assert_eq!((trace.first, trace.rejected), (None, 0), "{table}");
        assert_eq!(trace.counts, [(2, 1), (3, 5)], "{table}");
    }
}

#[test]
fn times_of_day_count_from_the_first_row_even_if_it_has_no_request() {
    for table in [
        "time,requests\n2015-05-17T10:05:03Z,0\n2015-05-17T10:05:05Z,7\n",
        "2015-05-17 12:05:05+02:00;7\n2015-05-17 12:05:03+02:00;0\n",
        "1431857103,0\n1431857105,7\n",
        "timestamp\tvalue\n1431857103000\t0\n1431857105999\t7\n",
        "\"2015-05-17T10:05:03,5\",0\n1431857105.25,7\n",
    ] {
        let trace = read(table);
        check_consistent(&trace);
        assert_eq!((trace.first, trace.rejected), (Some(1_431_857_103), 0), "{table}");
        assert_eq!(trace.counts, [(2, 7)], "{table}");
    }
}

#[test]
fn broken_rows_are_listed() {
    let trace = read(
        "second,requests\n0,1\n1,-2\n2,1.5\n3,4294967296\n4,many\n5\n-6,1\n7,\n\"8,1\n\"9\"x,1\n\
         1431857103,1\n0,4294967295\nsecond,requests\n99999999999999999999,1\n10,1e3\n11,18446744073709551616\n12,2\n",
    );
    check_consistent(&trace);
    assert_eq!(
        reasons(&trace),
        [
            (3, Reason::NegativeCount),
            (4, Reason::FractionalCount),
            (5, Reason::CountTooLarge),
            (6, Reason::BadCount),
            (7, Reason::FewColumns),
            (8, Reason::BadSecond),
            (9, Reason::BadCount),
            (10, Reason::BadQuotes),
            (11, Reason::BadQuotes),
            (12, Reason::MixedSeconds),
            (13, Reason::CountTooLarge),
            (14, Reason::BadSecond),
            (15, Reason::BadSecond),
            (16, Reason::BadCount),
            (17, Reason::CountTooLarge),
        ]
    );
    assert_eq!(trace.counts, [(0, 1), (12, 2)]);
}

#[test]
fn a_first_line_that_names_no_column_is_rejected_and_not_taken_for_a_header() {
    let trace = read("foo,bar\n1,2\n");
    assert_eq!(reasons(&trace), [(1, Reason::BadSecond)]);
}

// ---------------------------------------------------------------------------------------------- refusals

#[test]
fn a_file_with_no_good_line_names_what_is_understood_and_what_is_wrong() {
    let error = refusal("Dear diary,\ntoday it rained\n\n1,-1\n203.0.113.7 - - [yesterday] \"GET / HTTP/1.1\" 200 5\n");
    assert_eq!(error.code(), "nothing_understood");
    assert_eq!(
        error.to_string(),
        "no line could be read. Understood are access logs in Common or Combined Log Format, and CSV of requests \
         per second (second,requests); line 1: the second is not a number from 0, a Unix time or an ISO 8601 time; \
         line 2: neither a log line nor a row of counts; line 4: the count is negative; and 1 more"
    );
    let ImportError::NothingUnderstood { lines_read, rejected, rejections } = error else { panic!("{error}") };
    assert_eq!((lines_read, rejected), (5, 4));
    assert_eq!(rejections[3], Rejection { line: 5, reason: Reason::BadTime });
}

#[test]
fn files_that_are_no_text_or_have_no_traffic_are_refused_by_name() {
    for (bytes, code) in [
        (b"".as_slice(), "empty"),
        (b"\xEF\xBB\xBF\n \r\n# only a remark\n", "empty"),
        (b"\x1F\x8B\x08\0\0\0", "gzip"),
        (b"PK\x03\x04spreadsheet", "zip"),
        (b"\xFF\xFEs\0,\0r\0", "utf16"),
        (b"second,requests\n0,0\n1,0\n", "no_requests"),
        (b"second,requests\n", "nothing_understood"),
        (b"\0\0\0\0", "nothing_understood"),
    ] {
        assert_eq!(refusal(bytes).code(), code, "{}", bytes.escape_ascii());
    }
}

#[test]
fn limits_are_kept() {
    let line = "a - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5\n";
    let limits = ImportOptions { max_bytes: 200, max_requests: 2, max_seconds: 2, ..ImportOptions::default() };
    let code = |text: &str| import(text.as_bytes(), &limits).map(|it| it.requests).map_err(|it| it.code());
    assert_eq!(code(&line.repeat(2)), Ok(2));
    assert_eq!(code(&line.repeat(3)), Err("too_many_requests"));
    assert_eq!(code(&line.repeat(4)), Err("too_many_bytes"));
    assert_eq!(code("0,9\n5,9\n5,1\n7,0\n"), Ok(19));
    assert_eq!(code("0,9\n5,9\n7,1\n"), Err("too_many_seconds"));
    assert_eq!(code("1900-01-01T00:00:00Z,1\n2036-02-07T06:28:15Z,1\n"), Ok(2), "2³² − 1 seconds");
    assert_eq!(code("1900-01-01T00:00:00Z,1\n2036-02-07T06:28:16Z,1\n"), Err("span_too_long"));
}

// ---------------------------------------------------------------------------------------------- properties

/// Half the bytes from the alphabets of the formats, so that something now and then makes sense.
fn some_byte() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), proptest::sample::select(b"0123456789,;\t\"\\[]-:/ +TZ.#\r\nMay".to_vec()),]
}

fn good_line() -> impl Strategy<Value = Vec<u8>> {
    let excerpt = EXCERPT.split(|&byte| byte == b'\n').chain(ODD_LINES.split(|&byte| byte == b'\n'));
    let rows = ["0,1", "\"5\";\"7\"", "2015-05-17T10:05:03Z\t12", "second,requests", "1431857103,4"];
    let lines: Vec<_> = excerpt.map(<[u8]>::to_vec).chain(rows.map(|row| row.as_bytes().to_vec())).collect();
    proptest::sample::select(lines)
}

fn never_panics(bytes: &[u8]) {
    for key_by in [KeyBy::Client, KeyBy::Path] {
        let options = ImportOptions { key_by, ..ImportOptions::default() };
        match import(bytes, &options) {
            Ok(trace) => {
                check_consistent(&trace);
                assert_eq!(import(bytes, &options), Ok(trace));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(some_byte(), 0..400)) {
        never_panics(&bytes);
    }

    #[test]
    fn good_lines_damaged_anywhere_are_taken_or_listed(
        lines in proptest::collection::vec(good_line(), 1..6),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), some_byte(), 0..3_u8), 0..8),
    ) {
        let mut bytes = lines.join(&b'\n');
        for (place, byte, kind) in damage {
            let at = place.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => _ = bytes.remove(at),
                _ if at < bytes.len() => bytes[at] = byte,
                _ => bytes.truncate(at / 2),
            }
        }
        never_panics(&bytes);
    }

    /// A log made from known requests, in any order and with broken lines between, gives those requests back:
    /// compared with a slow and plain model.
    #[test]
    fn a_written_log_reads_back(
        requests in proptest::collection::vec((0..86_400_u32, 0..5_u32, 0..4_usize), 1..60),
        broken in proptest::collection::vec(any::<proptest::sample::Index>(), 0..5),
    ) {
        let mut lines: Vec<String> = requests.iter().map(|&(second, client, form)| {
            // The same instant told in four time zones, all on one day for the hours chosen.
            let (name, east_s) = [("+0000", 0), ("+0100", 3_600), ("-0030", -1_800), ("+1400", 50_400)][form];
            let local = i64::from(second) + 86_400 + east_s;
            let (day, clock) = (local / 86_400, local % 86_400);
            format!(
                "10.0.0.{client} - - [{:02}/Jan/2024:{:02}:{:02}:{:02} {name}] \"GET / HTTP/1.1\" 200 1",
                day + 1, clock / 3_600, clock / 60 % 60, clock % 60,
            )
        }).collect();
        for place in &broken {
            lines.insert(place.index(lines.len() + 1), "- - -".to_owned());
        }
        let trace = read(lines.join("\n"));
        check_consistent(&trace);
        prop_assert_eq!(trace.rejected, broken.len() as u64);

        let mut model = requests.clone();
        model.sort_by_key(|request| request.0);
        let first = model[0].0;
        // 2024-01-02T00:00:00Z
        prop_assert_eq!(trace.first, Some(1_704_153_600 + i64::from(first)));
        let seconds: Vec<u32> =
            trace.counts.iter().flat_map(|&(second, count)| vec![second; count as usize]).collect();
        prop_assert_eq!(seconds, model.iter().map(|request| request.0 - first).collect::<Vec<_>>());
        let mut order = Vec::new();
        let keys: Vec<u32> = model.iter().map(|request| {
            order.iter().position(|&client| client == request.1).unwrap_or_else(|| {
                order.push(request.1);
                order.len() - 1
            }) as u32
        }).collect();
        prop_assert_eq!(trace.keys, keys);
    }

    #[test]
    fn a_written_table_reads_back(
        rows in proptest::collection::btree_map(0..100_000_u32, 0..50_u32, 1..40),
        delimiter in proptest::sample::select(vec![",", ";", "\t"]),
        header in any::<bool>(),
    ) {
        let mut text = if header { format!("second{delimiter}requests\r\n") } else { String::new() };
        for (second, count) in &rows {
            text += &format!("{second}{delimiter}{count}\r\n");
        }
        let expected: Vec<_> = rows.into_iter().filter(|row| row.1 > 0).collect();
        match import(text.as_bytes(), &ImportOptions::default()) {
            Ok(trace) => prop_assert_eq!(trace.counts, expected),
            Err(error) => prop_assert!(expected.is_empty() && error == ImportError::NoRequests),
        }
    }
}
