//! Sequences of operations on a balancer of any configuration: whoever is chosen may be chosen, what is outstanding is
//! counted, no more are ejected than may be, looking changes nothing, and no time or instance is too odd.
#![no_main]

#[path = "shared/drawing.rs"]
mod drawing;

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use drawing::draw;
use libfuzzer_sys::fuzz_target;
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{
    Balancer, BalancerConfig, Change, Changes, Decision, InstanceSpec, Policy, Refusal, Request, Transition,
};

const MOST_OPS: usize = 150;
const MOST_INSTANCES: usize = 12;

fuzz_target!(|bytes: &[u8]| {
    let _ = rehearse(&mut Unstructured::new(bytes));
});

/// What the operations alone tell of an instance.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    outstanding: u32,
    draining: bool,
    off: bool,
    removed: bool,
    ejected: bool,
}

struct Rehearsal {
    balancer: Balancer,
    config: BalancerConfig,
    known: Vec<Known>,
    rng: Xoshiro256PlusPlus,
    now: Instant,
}

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let mut config: BalancerConfig = draw(u, "BalancerConfig")?;
    // Rings and tables are built again at every change.
    config.virtual_nodes = config.virtual_nodes.min(10);
    config.table_size = config.table_size.min(101);
    if u.arbitrary()? {
        // Few sequences come to an ejection by themselves.
        config.outlier_ejection.enabled = true;
        config.outlier_ejection.failures = u.int_in_range(1..=3)?;
    }
    let count = u.int_in_range(0..=6)?;
    let specs = (0..count).map(|at| draw_spec(u, at)).collect::<Result<Vec<_>>>()?;
    let now = Instant::from_nanos(if u.arbitrary()? { u.arbitrary()? } else { 0 });
    let rng = Xoshiro256PlusPlus::seed_from_u64(u.arbitrary()?);
    let Ok(balancer) = Balancer::try_new(&config, &specs, now) else { return Ok(()) };
    let mut rehearsal = Rehearsal { balancer, config, known: vec![Known::default(); count], rng, now };
    for step in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        let changes = rehearsal.step(u)?;
        rehearsal.take_in(&changes);
        rehearsal.compare();
        if step % 8 == 0 {
            rehearsal.look();
        }
    }
    rehearsal.look();
    Ok(())
}

fn draw_spec(u: &mut Unstructured<'_>, at: usize) -> Result<InstanceSpec> {
    let weight = draw_weight(u)?;
    Ok(InstanceSpec { name: format!("instance-{at}"), weight, priority: u.int_in_range(0..=3)? })
}

/// Small enough for a ring to have few points.
fn draw_weight(u: &mut Unstructured<'_>) -> Result<f64> {
    Ok(if u.arbitrary()? { f64::from(u.int_in_range(1..=5)?) } else { 0.001 + f64::from(u.arbitrary::<u16>()?) / 4e3 })
}

/// Seldom one that never was.
fn draw_instance(u: &mut Unstructured<'_>) -> Result<u32> {
    if u.ratio(1, 24)? { u.arbitrary() } else { u.int_in_range(0..=5) }
}

fn draw_latency(u: &mut Unstructured<'_>) -> Result<Duration> {
    Ok(if u.ratio(1, 16)? { Duration::MAX } else { Duration::from_micros(u.arbitrary::<u16>()?.into()) })
}

impl Rehearsal {
    fn step(&mut self, u: &mut Unstructured<'_>) -> Result<Changes> {
        let now = self.now;
        Ok(match u.int_in_range(0..=18)? {
            0..=5 => self.choose(u)?,
            6..=8 => self.answer(u)?,
            9 => self.balancer.on_check(now, draw_instance(u)?, u.arbitrary()?),
            10 => self.switch(u)?,
            11 => {
                let weight = if u.ratio(1, 16)? { f64::from_bits(u.arbitrary()?).min(20.0) } else { draw_weight(u)? };
                self.balancer.set_weight(now, draw_instance(u)?, weight)
            }
            12 => self.balancer.set_health(now, draw_instance(u)?, u.int_in_range(0..=110)?),
            13 => self.balancer.check_health(now),
            14 if self.known.len() < MOST_INSTANCES => {
                let spec = draw_spec(u, self.known.len())?;
                assert_eq!(self.balancer.add(now, spec) as usize, self.known.len());
                self.known.push(Known::default());
                self.balancer.take_changes()
            }
            15 => {
                let instance = draw_instance(u)?;
                self.with(instance, |known| known.removed = true);
                self.balancer.remove(now, instance)
            }
            16 => self.wake(),
            17 => self.balancer.sweep(now),
            _ => {
                self.pass(u)?;
                Changes::new()
            }
        })
    }

    fn pass(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.now = match u.int_in_range(0..=7)? {
            0 => Instant::from_nanos(u.arbitrary()?),
            1 | 2 => self.balancer.next_deadline().unwrap_or(self.now).max(self.now),
            _ => self.now + Duration::from_millis(u.int_in_range(0..=3_000)?),
        };
        Ok(())
    }

    fn choose(&mut self, u: &mut Unstructured<'_>) -> Result<Changes> {
        let tried: Vec<u32> = (0..u.int_in_range(0..=3)?).map(|_| draw_instance(u)).collect::<Result<_>>()?;
        let key = u.arbitrary::<u8>()?.into();
        let usable: Vec<bool> = (0..self.known.len() as u32).map(|at| self.balancer.takes_traffic(at)).collect();
        match self.balancer.choose(self.now, &mut self.rng, &Request { key, tried: &tried }) {
            Decision::Send(choice) => {
                assert!(usable[choice.instance as usize] && !tried.contains(&choice.instance), "{choice:?}");
                self.known[choice.instance as usize].outstanding += 1;
            }
            Decision::Refuse(Refusal::NoInstances) => assert!(self.known.iter().all(|known| known.removed)),
            Decision::Refuse(Refusal::NoneHealthy) => assert!(!usable.contains(&true)),
            Decision::Refuse(Refusal::AllTried) => assert!(!tried.is_empty()),
            Decision::Refuse(Refusal::Panic) => assert!(self.config.refuse_in_panic && self.balancer.in_panic()),
        }
        Ok(self.balancer.take_changes())
    }

    /// Of a request that is under way or of none.
    fn answer(&mut self, u: &mut Unstructured<'_>) -> Result<Changes> {
        let (instance, latency) = (draw_instance(u)?, draw_latency(u)?);
        if let Some(known) = self.known.get_mut(instance as usize) {
            known.outstanding = known.outstanding.saturating_sub(1);
        }
        Ok(match u.int_in_range(0..=3)? {
            0 | 1 => self.balancer.on_failure(self.now, instance, latency),
            2 => self.balancer.on_success(self.now, instance, latency),
            _ => self.balancer.on_abandoned(self.now, instance),
        })
    }

    fn switch(&mut self, u: &mut Unstructured<'_>) -> Result<Changes> {
        let (instance, on) = (draw_instance(u)?, u.arbitrary::<bool>()?);
        Ok(if u.arbitrary()? {
            self.with(instance, |known| known.draining = !on);
            self.balancer.set_draining(self.now, instance, !on)
        } else {
            self.with(instance, |known| known.off = !on);
            self.balancer.set_active(self.now, instance, on)
        })
    }

    fn wake(&mut self) -> Changes {
        let due = self.balancer.next_deadline();
        let changes = self.balancer.on_deadline(self.now);
        let next = self.balancer.next_deadline();
        let later = next.is_none_or(|next| next > self.now || next == Instant::FAR_FUTURE);
        assert!(later || due.is_none_or(|due| due > self.now), "nothing stays due");
        changes
    }

    /// What is done to one that was removed, or never was, does nothing.
    fn with(&mut self, instance: u32, change: impl Fn(&mut Known)) {
        self.known.get_mut(instance as usize).filter(|known| !known.removed).into_iter().for_each(change);
    }

    fn take_in(&mut self, changes: &[Transition]) {
        for &Transition { instance, change, .. } in changes {
            match change {
                Change::Ejected { .. } | Change::Trial { .. } => {
                    let was_out = std::mem::replace(&mut self.known[instance as usize].ejected, true);
                    let out = self.known.iter().filter(|known| known.ejected && !known.removed).count() as f64;
                    let present = self.known.iter().filter(|known| !known.removed).count() as f64;
                    let cap = self.config.outlier_ejection.max_ejected_percent;
                    assert!(was_out || out <= 1.0 || out * 100.0 <= cap * present, "{out} of {present} over {cap} %");
                }
                Change::Returned => self.known[instance as usize].ejected = false,
                _ => {}
            }
        }
    }

    fn compare(&self) {
        for (at, known) in (0..).zip(&self.known) {
            let view = self.balancer.view(self.now, at);
            assert_eq!(view.outstanding, known.outstanding, "outstanding of {at}");
            assert_eq!(view.takes_traffic, view.why_not.is_none());
            assert!(!(view.takes_traffic && (known.draining || known.off || known.removed)), "{at}: {view:?}");
            assert!(view.effective_weight <= view.weight && view.effective_weight >= 0.0);
            assert_eq!(self.balancer.is_present(at), !known.removed);
        }
        let load: u32 = self.balancer.group_loads().iter().map(|load| load.load_percent).sum();
        assert!(load == 100 || load == 0);
        assert!(self.config.policy != Policy::AsInManual || self.balancer.group_loads().len() <= 1);
    }

    fn look(&self) {
        let before = format!("{:?}", self.balancer);
        for at in [self.now, Instant::ZERO, Instant::FAR_FUTURE] {
            let see = || (0..self.known.len() as u32).map(|one| self.balancer.view(at, one)).collect::<Vec<_>>();
            assert_eq!(format!("{:?}", see()), format!("{:?}", see()));
        }
        let _ = (self.balancer.next_deadline(), self.balancer.turns(), self.balancer.total_health_percent());
        assert_eq!(before, format!("{:?}", self.balancer), "looking changes nothing");
    }
}
