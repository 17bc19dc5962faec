//! Timeouts: the caller is free, and the attempt goes on for nobody, or ends where it is if it is cancelled.

use crate::recording::Reason;

use super::Simulation;

impl Simulation {
    /// The caller's patience is over, unless the attempt has ended before.
    pub(super) fn timed_out(&mut self, row: u32) {
        let now = self.now;
        let Some(live) = self.callers.as_mut().and_then(|callers| callers.lives.get_mut(row)) else { return };
        if !(live.wanted && live.out) {
            return;
        }
        let sent = self.recording.requests.instance(row).is_some();
        // Word of it reaches the balancer at once, as when a connection is closed.
        live.told = sent;
        let call = live.call;
        if sent {
            self.tell_balancer(row, false);
        }
        let requests = &mut self.recording.requests;
        requests.reason[row as usize] = Reason::TimedOut;
        requests.gave_up.set(row, now - requests.sent[row as usize]);
        if self.policies(call).cancel {
            self.withdraw(row);
        }
        self.settle(row);
    }

    /// Whether the balancer is still to be told how an attempt ended.
    #[inline]
    pub(super) fn balancer_waits(&self, row: u32) -> bool {
        let live = self.callers.as_ref().and_then(|callers| callers.lives.get(row));
        live.is_none_or(|live| !live.told)
    }

    fn withdraw(&mut self, row: u32) {
        let Some(live) = self.live(row) else { return };
        live.cancelled = true;
        let Some(index) = self.recording.requests.instance(row) else { return };
        let slot = self.recording.requests.slot.get(row);
        if self.instances[index].leave_queue(row) {
            let waited = self.waited(row);
            self.end_here(row, Some(waited), 0);
        } else if let Some(job) = self.instances[index].leave(slot, row) {
            let worked = if job.finishes == u64::MAX {
                self.stop_calling(row);
                self.recording.requests.work.get(row)
            } else {
                self.now - job.started
            };
            self.end_here(row, None, worked);
            self.start_waiting(index);
        }
    }

    /// Nothing of the attempt is left beyond its caller.
    fn end_here(&mut self, row: u32, wait: Option<u64>, work: u64) {
        let requests = &mut self.recording.requests;
        if let Some(wait) = wait {
            requests.wait.set(row, wait);
        }
        requests.work.set(row, work);
        requests.back_to_balancer.set(row, 0);
        requests.back_to_client.set(row, 0);
        if let Some(live) = self.live(row) {
            live.out = false;
        }
    }

    fn is_cancelled(&mut self, row: u32) -> bool {
        self.live(row).is_some_and(|live| live.cancelled)
    }

    pub(super) fn drop_at_balancer(&mut self, row: u32) -> bool {
        let cancelled = self.is_cancelled(row);
        if cancelled {
            self.recording.requests.to_instance.set(row, 0);
            self.end_here(row, Some(0), 0);
            self.close_if_over(row);
        }
        cancelled
    }

    pub(super) fn drop_at_instance(&mut self, row: u32) -> bool {
        let cancelled = self.is_cancelled(row);
        if cancelled {
            self.end_here(row, Some(0), 0);
            self.close_if_over(row);
        }
        cancelled
    }
}
