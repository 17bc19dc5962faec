//! The recording row by row, for whoever computes with it.

use serde::Serialize;

use super::Run;
use crate::recording::{Outcome, Reason};

/// One request, with its moments in nanoseconds since the run began. Those of stages that it never reached are equal
/// to the last that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRow {
    /// Its number, in order of sending.
    pub request: u32,
    /// The number of its group of clients.
    pub client: u8,
    /// Its key.
    pub key: u32,
    /// The instance it was sent to.
    pub instance: Option<u16>,
    /// The slot it was worked on in.
    pub slot: u16,
    /// What became of it.
    #[serde(skip)]
    pub outcome: Outcome,
    /// Why.
    #[serde(skip)]
    pub reason: Reason,
    /// Its client sent it.
    pub sent: u64,
    /// The balancer decided.
    pub at_balancer: u64,
    /// It came to the instance.
    pub at_instance: u64,
    /// Work began.
    pub started: u64,
    /// Work ended, or the request fell.
    pub finished: u64,
    /// The balancer learned of it.
    pub back_at_balancer: u64,
    /// Its client had the answer.
    pub ended: u64,
}

impl Run {
    /// The request of this number, if there is one.
    pub fn row(&self, request: u32) -> Option<RequestRow> {
        let requests = &self.recording.requests;
        (request < requests.len()).then(|| {
            let moments = requests.moments(request);
            RequestRow {
                request,
                client: requests.client.get(request),
                key: requests.key[request as usize],
                instance: requests.instance(request).map(|instance| instance as u16),
                slot: requests.slot.get(request),
                outcome: requests.outcome(request),
                reason: requests.reason(request),
                sent: moments.sent,
                at_balancer: moments.at_balancer,
                at_instance: moments.at_instance,
                started: moments.started,
                finished: moments.finished,
                back_at_balancer: moments.back_at_balancer,
                ended: moments.ended,
            }
        })
    }

    /// All requests, in order of sending.
    pub fn rows(&self) -> impl Iterator<Item = RequestRow> + '_ {
        (0..self.requests()).filter_map(|request| self.row(request))
    }
}
