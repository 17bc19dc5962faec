//! cb_sliding_windows

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{BucketStart, Outcome as Ended, Window};
use serde_json::Value;

use crate::fixture::{duration, each_op, equal_if, equal_number, equal_single, expected, instant};
use crate::runner::{Fields, Outcome};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("window")?)?;
    let mut window = window(&config)?;
    config.finish()?;
    each_op(&fields, |op| window.operate(op))?;
    fields.finish()
}

struct Peer {
    window: Window,
    /// Whether reading drops what has run out: with some it is recording alone that does.
    expires_on_read: bool,
}

fn window(config: &Fields) -> Result<Peer, String> {
    let zero = Instant::ZERO;
    let time = |span, buckets, start| Window::time(zero, span, buckets, start);
    let window = match config.text("type")? {
        "count" | "counting" => Window::calls(zero, config.natural("size")?),
        "time_epoch_second_buckets" => {
            let seconds = config.natural("seconds")?;
            time(Duration::from_secs(seconds.into()), seconds, BucketStart::Clock)
        }
        "rolling_windows" => time(duration(config, "sampling_ns")?, config.natural("windows")?, BucketStart::FirstCall),
        "single" => time(duration(config, "sampling_ns")?, 1, BucketStart::FirstCall),
        "epoch_aligned_buckets" => {
            let buckets = config.natural("buckets")?;
            time(duration(config, "bucket_ns")? * buckets, buckets, BucketStart::Clock)
        }
        other => return Err(format!("unknown window {other}")),
    };
    let expires_on_read = match config.get("expire_on").map(Value::as_str) {
        None | Some(Some("read")) => true,
        Some(Some("record")) => false,
        other => return Err(format!("unknown expire_on {other:?}")),
    };
    Ok(Peer { window, expires_on_read })
}

impl Peer {
    fn operate(&mut self, op: &Fields) -> Outcome {
        let now = instant(op)?;
        let expect = expected(op)?;
        match op.text("op")? {
            "record" => {
                let outcome = match op.text("outcome")? {
                    "success" => Ended::Success,
                    "error" | "failure" => Ended::Failure,
                    "slow_success" => Ended::SlowSuccess,
                    "slow_error" | "slow_failure" => Ended::SlowFailure,
                    other => return Err(format!("unknown outcome {other}")),
                };
                let duration = op.get("duration_ms").map_or(Ok(0), |_| op.natural("duration_ms"))?;
                self.window.record(now, outcome, Duration::from_millis(duration.into()));
            }
            "snapshot" => {
                if self.expires_on_read {
                    // A bucket that begins with a call begins with a look in these peers.
                    self.window.advance(now);
                }
            }
            "expire" => {
                self.window.advance(now);
            }
            "reset" => self.window.clear(now),
            other => return Err(format!("unknown operation {other}")),
        }
        expect.map_or(Ok(()), |expect| self.compare(now, expect))
    }

    fn compare(&self, now: Instant, expect: Fields) -> Outcome {
        let counts = if self.expires_on_read { self.window.counts(now) } else { *self.window.counts_then() };
        equal_if(&expect, "total", counts.answered())?;
        equal_if(&expect, "successful", counts.successes)?;
        equal_if(&expect, "failed", counts.failures)?;
        equal_if(&expect, "slow", counts.slow())?;
        equal_if(&expect, "slow_successful", counts.slow_successes)?;
        equal_if(&expect, "slow_failed", counts.slow_failures)?;
        equal_if(&expect, "total_duration_ms", (counts.duration_ns / 1_000_000) as u64)?;
        equal_if(&expect, "average_duration_ms", counts.mean_duration().as_millis() as u64)?;
        let ratio = |part: u64| if part == 0 { 0.0 } else { part as f64 / counts.answered() as f64 };
        let rounded = |part: u64| (ratio(part) * 100.0).round() / 100.0;
        equal_single(&expect, "failure_rate", 100.0 * ratio(counts.failures))?;
        equal_single(&expect, "slow_call_rate", 100.0 * ratio(counts.slow()))?;
        equal_number(&expect, "failure_ratio", ratio(counts.failures))?;
        equal_number(&expect, "success_ratio", ratio(counts.successes))?;
        equal_number(&expect, "failure_ratio_2dp", rounded(counts.failures))?;
        equal_number(&expect, "success_ratio_2dp", rounded(counts.successes))?;
        expect.finish()
    }
}
