//! The places of trial calls, so that each gives its own back, once.

/// A place is free at 0, and else holds the number of the trial call that has it.
#[derive(Clone, Debug)]
pub(super) struct Places {
    holders: Box<[u32]>,
    /// Where the search for a free one begins: behind the last that was found.
    next: u32,
    number: u32,
}

impl Places {
    pub(super) fn new(places: u32) -> Self {
        Self { holders: vec![0; places as usize].into_boxed_slice(), next: 0, number: 0 }
    }

    /// Frees all of them.
    pub(super) fn clear(&mut self) {
        self.holders.fill(0);
        self.next = 0;
    }

    /// Takes a free place; what is returned gives it back. Without one, as when outcomes that nobody asked for made
    /// room for more trial calls than there are places, it is 0 and stands for no place.
    pub(super) fn take(&mut self) -> u64 {
        let places = self.holders.len() as u32;
        let order = (self.next..places).chain(0..self.next);
        let Some(place) = order.into_iter().find(|&place| self.holders[place as usize] == 0) else { return 0 };
        self.number = self.number.wrapping_add(1).max(1);
        self.holders[place as usize] = self.number;
        self.next = (place + 1) % places;
        u64::from(self.number) << 32 | u64::from(place)
    }

    /// Whether the place was still held, which it is no longer. No place always was.
    pub(super) fn give_back(&mut self, taken: u64) -> bool {
        if taken == 0 {
            return true;
        }
        let (number, place) = ((taken >> 32) as u32, taken as u32);
        match self.holders.get_mut(place as usize) {
            Some(holder) if *holder == number => {
                *holder = 0;
                true
            }
            _ => false,
        }
    }
}
