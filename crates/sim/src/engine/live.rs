//! What a caller knows of the attempts that are under way.

use sandtable_patterns::bulkhead;

/// An attempt of which anything is under way: at its caller, or anywhere beyond.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    /// What its draws are keyed by.
    pub(super) entity: u64,
    /// What those of the request or of the calling attempt are keyed by.
    pub(super) origin: u64,
    pub(super) call: u8,
    /// Which of the parties that make this call.
    pub(super) party: u16,
    /// The attempt whose instance calls; none for a client's own.
    pub(super) parent: Option<u32>,
    /// 1 for the first.
    pub(super) attempt: u32,
    /// The pause before this attempt in nanoseconds, 0 before the first.
    pub(super) pause: u64,
    /// Its caller still waits for it, or pauses before the next one.
    pub(super) wanted: bool,
    /// It is somewhere beyond its caller.
    pub(super) out: bool,
    /// It was given up and is to be dropped wherever it turns up next.
    pub(super) cancelled: bool,
    /// The balancer has been told how it ended.
    pub(super) told: bool,
    /// The breaker that let it through.
    pub(super) breaker: Option<u32>,
    pub(super) bulkhead: Option<bulkhead::Permit>,
    /// Whether its instance calls others for it, which of its calls it makes now, and since when its own work is done.
    pub(super) calls: bool,
    pub(super) calls_place: u8,
    pub(super) calls_since: u64,
}

/// The attempts under way, found by their rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Lives {
    lives: Vec<Live>,
    free: Vec<u32>,
    /// For each row of the recording its place in `lives`.
    places: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Lives {
    /// The first attempt of a client's own call; for any other the caller says the rest. It is built where it stays:
    /// moving so much about takes longer than all else that is done to it.
    #[inline]
    pub(super) fn open(&mut self, row: u32, call: u8, entity: u64, origin: u64) -> &mut Live {
        let place = self.free.pop().unwrap_or(self.lives.len() as u32);
        let end = self.places.len() as u32;
        if end < row {
            self.places.resize(row as usize, NOWHERE);
        }
        self.places.push(place);
        if place as usize == self.lives.len() {
            self.lives.push(Live::default());
        }
        let live = &mut self.lives[place as usize];
        *live = Live { entity, origin, call, attempt: 1, wanted: true, ..Live::default() };
        live
    }

    #[inline]
    pub(super) fn get(&self, row: u32) -> Option<&Live> {
        let place = self.places.get(row as usize).filter(|&&place| place != NOWHERE)?;
        Some(&self.lives[*place as usize])
    }

    #[inline]
    pub(super) fn get_mut(&mut self, row: u32) -> Option<&mut Live> {
        let place = self.places.get(row as usize).filter(|&&place| place != NOWHERE)?;
        Some(&mut self.lives[*place as usize])
    }

    #[inline]
    pub(super) fn close(&mut self, row: u32) {
        let place = std::mem::replace(&mut self.places[row as usize], NOWHERE);
        self.free.push(place);
    }
}
