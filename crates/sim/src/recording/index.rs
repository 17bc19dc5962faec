//! Finds the requests that were under way in a stretch of time without looking at all of them.

use super::Requests;

/// Requests in a block, and blocks in a group. Requests are sorted by when they were sent, so a block whose last
/// request has ended can be passed over whole.
pub(super) const FAN: u32 = 64;

/// What became of the requests of a block, or of a group of blocks.
#[derive(Clone, Copy, Debug, Default)]
struct Summary {
    over_last: u64,
    /// Requests of clients that were sent here: attempts that are no retry and no call of an instance.
    begun: u32,
    /// Requests of clients that ended with an attempt made here, by outcome.
    ended: [u32; 3],
}

/// An index over a finished recording.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimeIndex {
    blocks: Vec<Summary>,
    groups: Vec<Summary>,
}

impl TimeIndex {
    pub(crate) fn new(requests: &Requests) -> Self {
        let alone = requests.all_alone();
        let blocks: Vec<Summary> = (0..requests.len().div_ceil(FAN))
            .map(|block| {
                let rows = block * FAN..((block + 1) * FAN).min(requests.len());
                let mut summary = Summary { over_last: requests.last_over(rows.clone()), ..Summary::default() };
                if alone {
                    summary.begun = rows.len() as u32;
                    for row in rows {
                        summary.ended[requests.outcome(row) as usize] += 1;
                    }
                    return summary;
                }
                for row in rows {
                    // A pause before the next attempt belongs to this one.
                    let again = requests.next(row).map_or(0, |next| requests.sent[next as usize]);
                    summary.over_last = summary.over_last.max(again);
                    summary.begun += u32::from(requests.begins_request(row));
                    if requests.ends_request(row) {
                        summary.ended[requests.outcome(row) as usize] += 1;
                    }
                }
                summary
            })
            .collect();
        let groups = blocks
            .chunks(FAN as usize)
            .map(|chunk| {
                chunk.iter().fold(Summary::default(), |sum, block| Summary {
                    over_last: sum.over_last.max(block.over_last),
                    begun: sum.begun + block.begun,
                    ended: std::array::from_fn(|i| sum.ended[i] + block.ended[i]),
                })
            })
            .collect();
        Self { blocks, groups }
    }

    /// When the last attempt was over.
    pub(crate) fn last_end(&self) -> u64 {
        self.groups.iter().map(|group| group.over_last).max().unwrap_or(0)
    }

    /// Number of requests of clients.
    pub(crate) fn requests(&self) -> u32 {
        self.groups.iter().map(|group| group.begun).sum()
    }

    /// Number of requests of clients sent at `t` or before.
    pub(crate) fn begun_by(&self, requests: &Requests, t: u64) -> u32 {
        let rows = self.sent_by(requests, t);
        let (groups, blocks) = (rows / (FAN * FAN), rows / FAN);
        let whole: u32 = self.groups[..groups as usize].iter().map(|group| group.begun).sum();
        let rest = self.blocks[(groups * FAN) as usize..blocks as usize].iter();
        let rest: u32 = rest.map(|block| block.begun).sum();
        let last = (blocks * FAN..rows).filter(|&row| requests.begins_request(row)).count();
        whole + rest + last as u32
    }

    /// Number of attempts made at `t` or before.
    pub(crate) fn sent_by(&self, requests: &Requests, t: u64) -> u32 {
        requests.sent.partition_point(|&sent| sent <= t) as u32
    }

    /// Calls `visit` for each attempt made at `until` or before that was not over at `from`, in order.
    pub(crate) fn under_way(&self, requests: &Requests, from: u64, until: u64, mut visit: impl FnMut(u32)) {
        let sent = self.sent_by(requests, until);
        for group in (0..sent.div_ceil(FAN * FAN)).filter(|&g| self.groups[g as usize].over_last > from) {
            let blocks = group * FAN..((group + 1) * FAN).min(sent.div_ceil(FAN));
            for block in blocks.filter(|&b| self.blocks[b as usize].over_last > from) {
                (block * FAN..((block + 1) * FAN).min(sent)).for_each(&mut visit);
            }
        }
    }

    /// Number of requests of clients that ended at `t` or before, by outcome.
    pub(crate) fn ended_by(&self, requests: &Requests, t: u64) -> [u32; 3] {
        let mut ended = [0; 3];
        let mut add = |summary: &Summary| {
            for (sum, count) in ended.iter_mut().zip(summary.ended) {
                *sum += count;
            }
        };
        let mut open = Vec::new();
        let sent = self.sent_by(requests, t);
        for group in 0..sent.div_ceil(FAN * FAN) {
            let whole = &self.groups[group as usize];
            if whole.over_last <= t {
                add(whole);
                continue;
            }
            for block in group * FAN..((group + 1) * FAN).min(sent.div_ceil(FAN)) {
                if self.blocks[block as usize].over_last <= t {
                    add(&self.blocks[block as usize]);
                } else {
                    open.push(block);
                }
            }
        }
        for request in open.into_iter().flat_map(|block| block * FAN..((block + 1) * FAN).min(sent)) {
            if requests.ends_request(request) && requests.moments(request).freed <= t {
                ended[requests.outcome(request) as usize] += 1;
            }
        }
        ended
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        (self.blocks.capacity() + self.groups.capacity()) * size_of::<Summary>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Reason;

    /// Requests every 10 ns, each taking a scattered time, a few of them very long.
    fn requests(count: u32) -> Requests {
        let mut requests = Requests::default();
        for id in 0..count {
            requests.sent.push(u64::from(id) * 10);
            requests.key.push(0);
            requests.instance.push(0);
            requests.reason.push([Reason::None, Reason::Error, Reason::QueueFull][id as usize % 3]);
            let long = if id % 997 == 3 { 50_000 } else { 0 };
            requests.work.set(id, u64::from(id * 7919 % 301) + long);
        }
        requests
    }

    /// The index and a look at every request agree, at scattered times and on both sides of every edge.
    #[test]
    fn the_index_finds_what_a_full_search_finds() {
        let requests = requests(10_000);
        let index = TimeIndex::new(&requests);
        for t in (0..110_000).step_by(1_237).chain([0, 1, 9, 10, 11, 99_990, 150_000]) {
            let from = t - t.min(500);
            let mut found = Vec::new();
            index.under_way(&requests, from, t, |request| {
                if requests.moments(request).ended > from {
                    found.push(request);
                }
            });
            let expected: Vec<u32> = (0..requests.len())
                .filter(|&request| {
                    let moments = requests.moments(request);
                    moments.sent <= t && moments.ended > from
                })
                .collect();
            assert_eq!(found, expected, "at {t}");

            let mut ended = [0; 3];
            for request in (0..requests.len()).filter(|&request| requests.moments(request).ended <= t) {
                ended[requests.outcome(request) as usize] += 1;
            }
            assert_eq!(index.ended_by(&requests, t), ended, "at {t}");
        }
    }
}
