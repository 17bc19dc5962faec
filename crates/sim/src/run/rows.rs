//! The recording row by row, for whoever computes with it.

use serde::Serialize;

use super::Run;
use crate::recording::{Kind, Outcome, Reason};

/// One attempt, with its moments in nanoseconds since the run began. Those of stages that it never reached are equal
/// to the last that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRow {
    /// Its number, in the order in which attempts were made.
    pub request: u32,
    /// The call it belongs to, counted through all callers.
    pub call: u8,
    /// The attempt before it, which failed.
    pub previous: Option<u32>,
    /// The attempt after it, made because it failed.
    pub next: Option<u32>,
    /// The attempt for whose sake an instance made it.
    pub parent: Option<u32>,
    /// The number of its group of clients.
    pub client: u8,
    /// Its key.
    pub key: u32,
    /// What it asks for.
    #[serde(skip)]
    pub kind: Kind,
    /// Of a read whose answer was no longer so: for how many nanoseconds.
    pub stale: u64,
    /// The instance it was sent to, counted through all services.
    pub instance: Option<u16>,
    /// The slot it was worked on in.
    pub slot: u16,
    /// What became of it.
    #[serde(skip)]
    pub outcome: Outcome,
    /// Why.
    #[serde(skip)]
    pub reason: Reason,
    /// Its caller made it.
    pub sent: u64,
    /// It left its caller, after a wait in the bulkhead.
    pub left: u64,
    /// The balancer decided.
    pub at_balancer: u64,
    /// It came to the instance.
    pub at_instance: u64,
    /// Work began.
    pub started: u64,
    /// The instance's own work ended; from here on it waited for those it called.
    pub worked: u64,
    /// All work ended, or the attempt fell.
    pub finished: u64,
    /// The balancer learned of it.
    pub back_at_balancer: u64,
    /// Its answer was back at the caller, whether or not anybody waited.
    pub ended: u64,
    /// Its caller was free: the answer came, or it was given up.
    pub freed: u64,
}

impl Run {
    /// The attempt of this number, if there is one.
    pub fn row(&self, request: u32) -> Option<RequestRow> {
        let requests = &self.recording.requests;
        (request < requests.len()).then(|| {
            let moments = requests.moments(request);
            RequestRow {
                request,
                call: requests.call.get(request),
                previous: requests.previous(request),
                next: requests.next(request),
                parent: requests.parent(request),
                client: requests.client.get(request),
                key: requests.key[request as usize],
                kind: requests.kind(request),
                stale: requests.stale.get(request),
                instance: requests.instance(request).map(|instance| instance as u16),
                slot: requests.slot.get(request),
                outcome: requests.outcome(request),
                reason: requests.reason(request),
                sent: moments.sent,
                left: moments.left,
                at_balancer: moments.at_balancer,
                at_instance: moments.at_instance,
                started: moments.started,
                worked: moments.worked,
                finished: moments.finished,
                back_at_balancer: moments.back_at_balancer,
                ended: moments.ended,
                freed: moments.freed,
            }
        })
    }

    /// All attempts, in the order in which they were made.
    pub fn rows(&self) -> impl Iterator<Item = RequestRow> + '_ {
        (0..self.attempts()).filter_map(|request| self.row(request))
    }
}
