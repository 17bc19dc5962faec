//! Round robin: number `turn` mod n of those that take traffic.
//!
//! The turn counts on over changes of n, as in Envoy and in the field manual's own class.

use super::Pick;
use crate::balancer::{Choice, Why};

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct Rotation {
    turns: u64,
    /// `turns` mod n, kept so that a pick needs no division.
    position: u32,
    n: u32,
}

impl Rotation {
    #[inline]
    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        let of = pick.eligible.len() as u32;
        for _ in 0..of {
            let turn = self.turns;
            let instance = pick.eligible[self.position as usize];
            self.advance();
            if !pick.skip.contains(&instance) {
                return Some(Choice { instance, why: Why::Rotation { turn, of } });
            }
        }
        None
    }

    pub(super) fn rebuild(&mut self, n: u32) {
        self.n = n;
        self.position = match n {
            0 => 0,
            _ => (self.turns % u64::from(n)) as u32,
        };
    }

    pub(super) fn start_at(&mut self, turn: u64) {
        self.turns = turn;
        self.rebuild(self.n);
    }

    pub(super) const fn turns(&self) -> u64 {
        self.turns
    }

    #[inline]
    fn advance(&mut self) {
        self.turns += 1;
        self.position += 1;
        if self.position == self.n {
            self.position = 0;
        }
    }
}
