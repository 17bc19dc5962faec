//! Which closed form applies to a scenario, and what it predicts.

use sandtable_patterns::balancer::Policy;

use super::report::{TheoryRelation, TheoryReport};
use crate::scenario::{Arrivals, DistributionKind, Edge, FaultKind, Scenario, Topology};
use crate::theory::{Mg1, Mmc, Mmck, Moments, Supermarket, TheoryError};
use crate::traffic::Sampler;

/// A queue longer than this is as good as endless.
const ENDLESS: u32 = 10_000;

/// What theory has to say on a scenario; the measured side is left empty.
pub(super) fn theory_beside(scenario: &Scenario) -> TheoryReport {
    if scenario.station_count() > scenario.services.len() {
        let unmet = vec![
            "Requests go where their keys are, or to the side that they are for, and not to any of a kind.".to_owned(),
        ];
        return Prediction { note: NO_FORM.to_owned(), ..Prediction::none() }.report(unmet);
    }
    let system = System::new(scenario);
    let unmet = system.unmet();
    let prediction = if unmet.is_empty() { system.predict() } else { Prediction::none() };
    let note = match (&prediction.problem, unmet.is_empty()) {
        (Some(problem), _) => problem.clone(),
        (None, true) => prediction.note.clone(),
        (None, false) => NO_FORM.to_owned(),
    };
    Prediction { note, ..prediction }.report(unmet)
}

const NO_FORM: &str = "No closed form applies to this scenario.";

struct Prediction {
    model: String,
    relation: TheoryRelation,
    wait_s: Option<f64>,
    refused: Option<f64>,
    note: String,
    problem: Option<String>,
}

impl Prediction {
    fn none() -> Self {
        Self {
            model: "–".to_owned(),
            relation: TheoryRelation::None,
            wait_s: None,
            refused: None,
            note: String::new(),
            problem: None,
        }
    }

    fn new(
        model: String,
        relation: TheoryRelation,
        note: &str,
        answer: Result<(f64, Option<f64>), TheoryError>,
    ) -> Self {
        let (wait_s, refused, problem) = match answer {
            Ok((wait, refused)) => (Some(wait), refused, None),
            Err(error) => (None, None, Some(format!("{model}: {error}."))),
        };
        Self { model, relation, wait_s, refused, note: note.to_owned(), problem }
    }

    fn report(self, unmet: Vec<String>) -> TheoryReport {
        TheoryReport {
            model: self.model,
            relation: self.relation,
            predicted_wait_ms: self.wait_s.map(|wait| wait * 1e3),
            measured_wait_ms: None,
            half_width_ms: None,
            predicted_refused_percent: self.refused.map(|share| share * 100.0),
            measured_refused_percent: None,
            note: self.note,
            unmet,
        }
    }
}

/// Whether a call's policies keep attempts away from the service, or add some.
fn shapes_traffic(scenario: &Scenario, edge: &Edge) -> bool {
    let call = scenario.call(edge);
    call.retry.attempts > 1 || call.breaker.enabled || scenario.bulkhead(edge).is_some()
}

/// What of a scenario matters to the theory of queues.
struct System<'a> {
    scenario: &'a Scenario,
    policy: Policy,
    count: u32,
    slots: u32,
    queue: u32,
    rate_per_s: f64,
    service: Moments,
    exponential: bool,
}

impl<'a> System<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let service = &scenario.services[0];
        let size = &service.instances;
        let sampler = Sampler::new(&size.service_time);
        Self {
            scenario,
            policy: service.balancer.policy,
            count: size.count,
            slots: size.concurrency,
            queue: size.queue_limit,
            rate_per_s: scenario.clients.iter().map(|client| client.rate_per_s).sum(),
            service: Moments { mean: sampler.mean() / 1e9, second: sampler.second_moment() / 1e18 },
            exponential: size.service_time.kind == DistributionKind::Exponential,
        }
    }

    /// Assumptions common to all models that don't hold.
    fn unmet(&self) -> Vec<String> {
        let scenario = self.scenario;
        let size = &scenario.services[0].instances;
        let mut unmet = Vec::new();
        if scenario.clients.iter().any(|client| client.arrivals != Arrivals::Poisson) {
            unmet.push("Arrivals are not a Poisson process of constant rate.".to_owned());
        }
        if !scenario.faults.is_empty() {
            let what = if scenario.faults.iter().all(|fault| fault.kind == FaultKind::Traffic) {
                "The traffic is multiplied for a time."
            } else {
                "Instances fail, slow down or drain for a time."
            };
            unmet.push(what.to_owned());
        }
        if Topology::new(scenario).edges.iter().any(|edge| shapes_traffic(scenario, edge)) {
            unmet.push("Calls have policies (retries, breakers, bulkheads) that change what arrives.".to_owned());
        }
        let first = size.speed(0);
        if (0..size.count as usize).any(|index| size.speed(index) != first || size.priority(index) != 0) || first != 1.0
        {
            unmet.push("Instances differ in speed or in priority.".to_owned());
        }
        unmet
    }

    /// One instance gets a Poisson process of its own: alone, or as its share of a random split.
    fn separate(&self) -> bool {
        let weights = &self.scenario.services[0].instances.weights;
        let even = weights.iter().all(|&weight| weight == 1.0);
        self.count == 1 || self.policy == Policy::Random || (self.policy == Policy::WeightedRandom && even)
    }

    fn predict(&self) -> Prediction {
        if self.separate() {
            return self.one_queue(
                self.slots,
                self.queue,
                self.rate_per_s / f64::from(self.count),
                TheoryRelation::Exact,
                if self.count == 1 {
                    "One instance with a queue of its own."
                } else {
                    "A random split of a Poisson process gives each instance one of its own."
                },
            );
        }
        let drawn = self.scenario.services[0].balancer.choices;
        if self.policy == Policy::PowerOfTwoChoices && self.slots == 1 && self.exponential && self.queue >= ENDLESS {
            let load = self.rate_per_s * self.service.mean / f64::from(self.count);
            let answer =
                Supermarket::new(load, drawn).map(|model| (model.mean_response_services() - 1.0) * self.service.mean);
            return Prediction::new(
                format!("supermarket model, {drawn} choices"),
                TheoryRelation::Approximation,
                "The limit for very many instances (Mitzenmacher 2001); with few, the wait is a little longer.",
                answer.map(|wait| (wait, None)),
            );
        }
        if !self.exponential {
            return Prediction {
                note: "No closed form is known for this policy with this service time.".to_owned(),
                ..Prediction::none()
            };
        }
        let slots = self.count.saturating_mul(self.slots);
        let queue = self.count.saturating_mul(self.queue);
        self.one_queue(slots, queue, self.rate_per_s, TheoryRelation::LowerBound,
            "One queue shared by all slots. Queues at each instance wait longer, whatever the policy: a slot can stand idle beside another's queue.")
    }

    fn one_queue(&self, slots: u32, queue: u32, rate: f64, relation: TheoryRelation, note: &str) -> Prediction {
        let mu = 1.0 / self.service.mean;
        let endless = queue >= ENDLESS;
        if self.exponential && !endless {
            let answer = Mmck::new(slots, slots + queue, rate, mu);
            let model = format!("M/M/{slots}/{}", slots + queue);
            return Prediction::new(model, relation, note, answer.map(|m| (m.mean_wait_s, Some(m.p_block))));
        }
        if self.exponential {
            let answer = Mmc::new(slots, rate, mu).map(|m| (m.mean_wait_s, None));
            return Prediction::new(format!("M/M/{slots}"), relation, note, answer);
        }
        let limited = "The formula knows no limit of the queue: near, as long as hardly anything is shed.";
        if slots == 1 {
            let kind = if self.scenario.services[0].instances.service_time.kind == DistributionKind::Constant {
                "D"
            } else {
                "G"
            };
            let answer = Mg1::new(rate, self.service).map(|m| (m.mean_wait_s, None));
            let (relation, note) = if endless { (relation, note) } else { (TheoryRelation::Approximation, limited) };
            return Prediction::new(format!("M/{kind}/1"), relation, note, answer);
        }
        // Allen and Cunneen 1990: the wait of M/M/c, scaled by the mean of both squared coefficients of variation.
        let scale = (1.0 + self.service.scv()) / 2.0;
        let answer = Mmc::new(slots, rate, mu).map(|m| (m.mean_wait_s * scale, None));
        let note = "Allen and Cunneen's approximation; the queue's limit is left out of it.";
        Prediction::new(format!("M/G/{slots}"), TheoryRelation::Approximation, note, answer)
    }
}
