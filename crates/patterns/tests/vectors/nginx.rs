//! lb_nginx
//!
//! What the proxy does around the balancer is here: it tries another server after a failure, each at most once, and
//! passes an error answer of the last one on to the client, which then is no failure of that server.

use std::collections::BTreeMap;
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{
    Balancer, BalancerConfig, Decision, InstanceSpec, OutlierEjection, OutlierRule, Policy, Request,
};
use serde_json::Value;

use crate::fixture::{balancer, rng, take};
use crate::runner::{Fields, Outcome, equal, natural, number};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let servers = fields.list("servers")?.iter().map(Server::read).collect::<Result<Vec<_>, _>>()?;
    match fields.text("kind")? {
        "round_robin" => {
            let mut nginx = Nginx::new(Policy::SmoothWeightedRoundRobin, servers)?;
            for (at, request) in fields.list("requests")?.iter().enumerate() {
                nginx.check(request).map_err(|what| format!("request {at}: {what}"))?;
            }
        }
        "least_conn" => {
            let nginx = Nginx::new(Policy::WeightedLeastOutstanding, servers)?;
            connections(nginx.balancer, fields.list("ops")?)?;
        }
        "counts" => {
            let mut nginx = Nginx::new(Policy::SmoothWeightedRoundRobin, servers)?;
            let mut counts = vec![0; nginx.servers.len()];
            for _ in 0..fields.natural("requests")? {
                if let (tried, 200) = nginx.request() {
                    counts[*tried.last().ok_or("answered by nobody")? as usize] += 1;
                }
            }
            equal("counts", counts, fields.map_list("counts", natural)?)?;
        }
        other => return Err(format!("unknown kind {other}")),
    }
    fields.finish()
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Answer,
    /// The connection is refused.
    Refuse,
    /// It answers 502.
    Fail,
}

struct Server {
    weight: f64,
    max_fails: u32,
    fail_timeout_ms: f64,
    mode: Mode,
    /// Which requests that reach it fail, counted from 1.
    failing: Vec<u32>,
    reached: u32,
    backup: bool,
    down: bool,
}

impl Server {
    fn read(value: &Value) -> Result<Self, String> {
        let fields = Fields::of(value)?;
        let flag = |key| fields.get(key).is_some_and(|value| value == true);
        let server = Self {
            weight: fields.get("weight").map_or(Ok(1.0), number)?,
            max_fails: fields.get("max_fails").map_or(Ok(1), natural)?,
            // Long enough never to pass, as in the recordings.
            fail_timeout_ms: fields.get("fail_timeout_s").map_or(Ok(3_600.0), number)? * 1e3,
            mode: match fields.get("mode").and_then(Value::as_str) {
                None | Some("ok") => Mode::Answer,
                Some("refuse") => Mode::Refuse,
                Some("fail") => Mode::Fail,
                Some(other) => return Err(format!("unknown mode {other}")),
            },
            failing: fields.get("script").map_or(Ok(Vec::new()), script)?,
            reached: 0,
            backup: flag("backup"),
            down: flag("down"),
        };
        fields.finish()?;
        Ok(server)
    }

    fn answer(&mut self) -> Mode {
        self.reached += 1;
        if self.failing.contains(&self.reached) {
            return Mode::Refuse;
        }
        self.mode
    }
}

/// The ordinals in «of the first 9 requests reaching it the 3rd, 6th and 9th fail (connection closed, …)».
fn script(value: &Value) -> Result<Vec<u32>, String> {
    let text = value.as_str().unwrap_or_default();
    if !text.contains("requests reaching it") || !text.contains("connection closed") {
        return Err(format!("unknown script {value}"));
    }
    let words = text.split([' ', ',']);
    let ordinals = words.filter_map(|word| {
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        (digits.len() < word.len()).then(|| digits.parse().ok()).flatten()
    });
    Ok(ordinals.collect())
}

struct Nginx {
    balancer: Balancer,
    servers: Vec<Server>,
}

impl Nginx {
    fn new(policy: Policy, servers: Vec<Server>) -> Result<Self, String> {
        let fail_timeout_ms = servers.first().map_or(10_000.0, |server| server.fail_timeout_ms);
        let config = BalancerConfig {
            policy,
            outlier_ejection: OutlierEjection {
                enabled: true,
                rule: OutlierRule::WithinWindow,
                window_ms: fail_timeout_ms,
                base_ejection_ms: fail_timeout_ms,
                max_ejected_percent: 100.0,
                ..Default::default()
            },
            panic_threshold_percent: 0.0,
            // Backups come in when no primary is left.
            overprovisioning: 10.0,
            ..Default::default()
        };
        let spec = |(at, server): (usize, &Server)| InstanceSpec {
            name: at.to_string(),
            weight: server.weight,
            priority: u32::from(server.backup),
        };
        let specs: Vec<_> = servers.iter().enumerate().map(spec).collect();
        let mut balancer = balancer(&config, &specs)?;
        for (at, server) in (0..).zip(&servers) {
            balancer.set_outlier_failures(at, Some(server.max_fails));
            balancer.set_active(Instant::ZERO, at, !server.down);
        }
        Ok(Self { balancer, servers })
    }

    fn check(&mut self, request: &Value) -> Outcome {
        let fields = Fields::of(request)?;
        let (tried, status) = self.request();
        equal("tried", tried, fields.map_list("tried", natural)?)?;
        equal("status", status, fields.natural("status")?)?;
        fields.finish()
    }

    /// The servers tried, and the status that the client gets.
    fn request(&mut self) -> (Vec<u32>, u32) {
        let now = Instant::ZERO;
        let tries = self.servers.iter().filter(|server| !server.down).count();
        let mut tried = Vec::new();
        loop {
            let request = Request { key: 0, tried: &tried };
            let Decision::Send(choice) = self.balancer.choose(now, &mut rng(0), &request) else {
                return (tried, 502);
            };
            let server = choice.instance;
            tried.push(server);
            match self.servers[server as usize].answer() {
                Mode::Answer => {
                    self.balancer.on_success(now, server, Duration::ZERO);
                    return (tried, 200);
                }
                Mode::Fail if tried.len() == tries => {
                    self.balancer.on_success(now, server, Duration::ZERO);
                    return (tried, 502);
                }
                Mode::Fail | Mode::Refuse => {
                    self.balancer.on_failure(now, server, Duration::ZERO);
                }
            }
            if tried.len() == tries {
                return (tried, 502);
            }
        }
    }
}

fn connections(mut balancer: Balancer, ops: &[Value]) -> Outcome {
    let mut open: BTreeMap<&str, u32> = BTreeMap::new();
    for (at, op) in ops.iter().enumerate() {
        let fields = Fields::of(op)?;
        let (id, server) = (fields.text("id")?, fields.natural("server")?);
        let found = match fields.text("op")? {
            "start" => {
                let server = take(&mut balancer, &mut rng(0));
                server.inspect(|&server| {
                    open.insert(id, server);
                })
            }
            "finish" => open.remove(id).inspect(|&server| {
                balancer.on_success(Instant::ZERO, server, Duration::ZERO);
            }),
            other => return Err(format!("unknown operation {other}")),
        };
        equal(&format!("op {at}: server"), found, Some(server))?;
        fields.finish()?;
    }
    Ok(())
}
