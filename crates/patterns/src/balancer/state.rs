//! The balancer's state, the choice, and what has to be worked out anew when an instance's standing changes.

use rand_core::Rng;

use super::fleet::Fleet;
use super::group::Group;
use super::member::Member;
use super::policy::{Picker, below};
use super::slow_start::Ramp;
use super::{BalancerConfig, Change, Changes, Choice, Decision, InstanceSpec, Policy, Refusal, Request, Transition};
use super::{WEIGHT_MAX, WEIGHT_MIN, outlier, priority};
use crate::hash::xxh64_of_u64;
use crate::time::nanos_from_millis;
use crate::{ConfigError, Instant, Shown, check_all};

/// A load balancer. See the [module](super) for an example.
///
/// Any order of calls is safe: an answer nobody waits for, or one about an instance that never was, changes no
/// count below zero and takes nobody down.
#[derive(Clone, Debug)]
pub struct Balancer {
    pub(super) config: BalancerConfig,
    pub(super) outlier: outlier::Rules,
    pub(super) ramp: Ramp,
    priorities: priority::Rules,
    pub(super) fleet: Fleet,
    pub(super) members: Vec<Member>,
    /// By instance: its place in `groups`.
    pub(super) group_of: Vec<u32>,
    /// In the order of priority.
    pub(super) groups: Vec<Group>,
    route: Route,
    pub(super) total_health_percent: u32,
    /// What one choice must skip: tried ones and those that rest in slow start.
    skip: Vec<u32>,
    /// Instances out because of their answers.
    pub(super) ejected: u32,
    /// Changes not told yet.
    pub(super) changes: Changes,
    pub(super) deadline: Option<Instant>,
    /// The next moment on the grid of sweeps that has not passed.
    pub(super) sweep_at: Instant,
}

/// Where requests go first, worked out when an instance's standing changes and not for each request.
#[derive(Clone, Copy, Debug)]
enum Route {
    Nowhere(Refusal),
    /// One group has all the traffic.
    One(u32),
    /// Several share it.
    Split,
}

impl Balancer {
    /// A balancer over these instances, all of them healthy.
    ///
    /// # Errors
    /// Every mistake of the configuration and of the instances, each with its path.
    pub fn try_new(
        config: &BalancerConfig,
        instances: &[InstanceSpec],
        now: Instant,
    ) -> Result<Self, Vec<ConfigError>> {
        check(config, instances)?;
        let outlier = outlier::Rules::new(&config.outlier_ejection);
        let mut balancer = Self {
            outlier,
            ramp: Ramp::new(&config.slow_start),
            priorities: priority_rules(config),
            fleet: Fleet::new(nanos_from_millis(config.decay_ms) as f64),
            members: Vec::new(),
            group_of: Vec::new(),
            groups: Vec::new(),
            route: Route::Nowhere(Refusal::NoInstances),
            total_health_percent: 0,
            skip: Vec::new(),
            ejected: 0,
            changes: Vec::new(),
            deadline: None,
            sweep_at: outlier.sweep_interval().map_or(Instant::FAR_FUTURE, |interval| now + interval),
            config: config.clone(),
        };
        for instance in instances {
            balancer.push(instance.clone());
        }
        balancer.regroup();
        balancer.refresh(now);
        Ok(balancer)
    }

    /// Picks the instance for a request and counts the request as outstanding there.
    #[inline]
    pub fn choose<R: Rng + ?Sized>(&mut self, now: Instant, rng: &mut R, request: &Request<'_>) -> Decision {
        if let Route::One(group) = self.route
            && request.tried.is_empty()
            && self.fleet.warming().is_empty()
        {
            let group = &mut self.groups[group as usize];
            return match group.pick(now, &self.fleet, request.key, &[], rng) {
                Some(choice) => self.send(now, choice),
                None => Decision::Refuse(Refusal::NoneHealthy),
            };
        }
        self.choose_slowly(now, rng, request)
    }

    /// With something to skip, or more than one group to choose from.
    fn choose_slowly<R: Rng + ?Sized>(&mut self, now: Instant, rng: &mut R, request: &Request<'_>) -> Decision {
        let first = match self.route {
            Route::Nowhere(refusal) => return Decision::Refuse(refusal),
            Route::One(group) => group as usize,
            Route::Split => self.draw_group(rng, request.key),
        };
        if self.refuses(first) {
            return Decision::Refuse(Refusal::Panic);
        }
        let mut skip = std::mem::take(&mut self.skip);
        skip.clear();
        skip.extend_from_slice(request.tried);
        self.warm_up(now, rng, &mut skip);
        let mut choice = self.choose_from(now, rng, request.key, first, &skip);
        if choice.is_none() && skip.len() > request.tried.len() {
            // Rather one in slow start than nobody.
            choice = self.choose_from(now, rng, request.key, first, request.tried);
        }
        self.skip = skip;
        match choice {
            Some(choice) => self.send(now, choice),
            None if request.tried.is_empty() => Decision::Refuse(Refusal::NoneHealthy),
            None => Decision::Refuse(Refusal::AllTried),
        }
    }

    /// From the group whose turn it is or, when it has nobody left, from the others in the order of priority.
    fn choose_from<R: Rng + ?Sized>(
        &mut self,
        now: Instant,
        rng: &mut R,
        key: u64,
        first: usize,
        skip: &[u32],
    ) -> Option<Choice> {
        let others = (0..self.groups.len()).filter(|&group| group != first);
        for group in std::iter::once(first).chain(others) {
            if self.refuses(group) {
                continue;
            }
            let choice = self.groups[group].pick(now, &self.fleet, key, skip, rng);
            if choice.is_some() {
                return choice;
            }
        }
        None
    }

    fn refuses(&self, group: usize) -> bool {
        self.config.refuse_in_panic && self.groups[group].load.panic
    }

    /// A group by its share; by the key where a key has to keep its instance.
    fn draw_group<R: Rng + ?Sized>(&self, rng: &mut R, key: u64) -> usize {
        let mut ticket =
            if self.groups[0].picker.is_keyed() { (xxh64_of_u64(key, 1) % 100) as u32 } else { below(rng, 100) };
        for (at, group) in self.groups.iter().enumerate() {
            match ticket.checked_sub(group.load.load_percent) {
                Some(rest) => ticket = rest,
                None => return at,
            }
        }
        0
    }

    /// Moves slow start on: weights grow, and under policies without weights some rest during this pick.
    fn warm_up<R: Rng + ?Sized>(&mut self, now: Instant, rng: &mut R, skip: &mut Vec<u32>) {
        let mut at = 0;
        while let Some(&instance) = self.fleet.warming().get(at) {
            let Some(factor) = self.slow_start_factor(now, instance) else {
                self.finish_warming(instance);
                continue;
            };
            at += 1;
            let picker = &self.groups[self.group_of[instance as usize] as usize].picker;
            if picker.is_weighted() {
                let weight = self.members[instance as usize].weight;
                self.fleet.set_weight(instance, weight * factor);
            } else if !picker.is_keyed() && f64::from(below(rng, 1 << 24)) >= factor * f64::from(1 << 24) {
                skip.push(instance);
            }
        }
    }

    /// The share that slow start leaves an instance, or `None` if it has all.
    pub(super) fn slow_start_factor(&self, now: Instant, instance: u32) -> Option<f64> {
        let since = self.members[instance as usize].warm_since?;
        self.ramp.factor(now.since(since))
    }

    fn finish_warming(&mut self, instance: u32) {
        let member = &mut self.members[instance as usize];
        member.warm_since = None;
        self.fleet.set_weight(instance, member.weight);
        self.fleet.stop_warming(instance);
        let group = &mut self.groups[self.group_of[instance as usize] as usize];
        if group.picker.is_weighted() {
            group.picker.reweigh(&self.fleet, &group.members, &group.eligible);
        }
    }

    #[inline]
    fn send(&mut self, now: Instant, choice: Choice) -> Decision {
        let instance = choice.instance;
        *self.fleet.outstanding_mut(instance) += 1;
        let group = self.group_of[instance as usize] as usize;
        self.groups[group].picker.on_sent(instance);
        if self.outlier.enabled {
            self.on_sent(now, instance);
        }
        Decision::Send(choice)
    }

    /// Adds an instance without working anything out; [`Balancer::regroup`] has to follow.
    pub(super) fn push(&mut self, instance: InstanceSpec) -> u32 {
        let InstanceSpec { name, weight, priority } = instance;
        // In the manual all servers stand in one list.
        let priority = if self.is_as_in_manual() { 0 } else { priority };
        self.fleet.push(name, weight);
        self.members.push(Member::new(priority, weight, &self.config.active_checks));
        self.group_of.push(0);
        self.members.len() as u32 - 1
    }

    /// Sorts the instances into their groups after one came or went.
    pub(super) fn regroup(&mut self) {
        for group in &mut self.groups {
            group.members.clear();
        }
        for instance in 0..self.members.len() {
            let Member { priority, removed, .. } = self.members[instance];
            let at = self.group_at(priority);
            if !removed {
                self.groups[at].members.push(instance as u32);
            }
        }
        for instance in 0..self.members.len() {
            self.group_of[instance] = self.group_at(self.members[instance].priority) as u32;
        }
        for group in &mut self.groups {
            group.picker.reweigh(&self.fleet, &group.members, &group.eligible);
        }
    }

    fn group_at(&mut self, priority: u32) -> usize {
        let found = self.groups.binary_search_by_key(&priority, |group| group.load.priority);
        found.unwrap_or_else(|at| {
            self.groups.insert(at, Group::new(priority, Picker::new(&self.config)));
            at
        })
    }

    /// Works out who takes traffic, after anything that may have changed it.
    pub(super) fn refresh(&mut self, now: Instant) {
        self.assign_loads(now);
        for at in 0..self.groups.len() {
            let panic = self.groups[at].load.panic;
            let takes = |instance: &u32| {
                let member = &self.members[*instance as usize];
                member.is_well() || (panic && member.is_on())
            };
            let eligible: Vec<u32> = self.groups[at].members.iter().copied().filter(takes).collect();
            self.groups[at].set_eligible(&mut self.fleet, eligible);
        }
        self.route = self.find_route();
    }

    fn assign_loads(&mut self, now: Instant) {
        let mut loads: Vec<_> = self.groups.iter().map(|group| group.load).collect();
        for (load, group) in loads.iter_mut().zip(&self.groups) {
            let members = || group.members.iter().map(|&i| &self.members[i as usize]);
            load.total = members().filter(|member| member.is_on()).count() as u32;
            load.healthy = members().filter(|member| member.is_well()).count() as u32;
        }
        self.total_health_percent = priority::assign(&self.priorities, &mut loads);
        for (group, load) in self.groups.iter_mut().zip(loads) {
            let change = match (group.load.panic, load.panic) {
                (false, true) => {
                    Some(Change::PanicEntered { priority: load.priority, healthy: load.healthy, total: load.total })
                }
                (true, false) => Some(Change::PanicLeft { priority: load.priority }),
                _ => None,
            };
            group.load = load;
            self.changes.extend(change.map(|change| Transition { at: now, instance: Transition::WHOLE_GROUP, change }));
        }
    }

    fn find_route(&self) -> Route {
        if self.groups.iter().all(|group| group.members.is_empty()) {
            return Route::Nowhere(Refusal::NoInstances);
        }
        let whole = |group: &Group| group.load.load_percent == 100;
        match self.groups.iter().position(whole) {
            Some(at) if self.refuses(at) => Route::Nowhere(Refusal::Panic),
            Some(at) => Route::One(at as u32),
            None if self.groups.iter().any(|group| group.load.load_percent > 0) => Route::Split,
            None => Route::Nowhere(Refusal::NoneHealthy),
        }
    }

    pub(super) fn is_as_in_manual(&self) -> bool {
        self.config.policy == Policy::AsInManual
    }

    /// Keeps a change until a method returns it.
    pub(super) fn note(&mut self, at: Instant, instance: u32, change: Change) {
        self.changes.push(Transition { at, instance, change });
    }
}

fn check(config: &BalancerConfig, instances: &[InstanceSpec]) -> Result<(), Vec<ConfigError>> {
    let mut errors = check_all(config).err().unwrap_or_default();
    let bound = config.load_bound;
    if bound > 0.0 && bound < 1.0 {
        // Less than the average for everybody leaves nobody for the rest.
        errors.push(ConfigError::new("load_bound", Shown(bound), "0, or 1 to 10"));
    }
    for (at, instance) in instances.iter().enumerate() {
        if !(WEIGHT_MIN..=WEIGHT_MAX).contains(&instance.weight) {
            let path = format!("instances[{at}].weight");
            let allowed = format!("{} to {}", Shown(WEIGHT_MIN), Shown(WEIGHT_MAX));
            errors.push(ConfigError::new(path, Shown(instance.weight), allowed));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn priority_rules(config: &BalancerConfig) -> priority::Rules {
    priority::Rules {
        overprovisioning_percent: (config.overprovisioning * 100.0).round() as u32,
        // The manual knows no panic: with nobody left it says so.
        panic_threshold_percent: match config.policy {
            Policy::AsInManual => 0.0,
            _ => config.panic_threshold_percent,
        },
    }
}
