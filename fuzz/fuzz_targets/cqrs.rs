//! Sequences of operations on a log and two projections: appends keep what they expect, and a read model is a replay of
//! the log, whatever is delivered, lost, doubled or turned round.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{
    Deletion, EventStore, EventStoreConfig, Expected, Guarantee, NewEvent, Projection, ProjectionConfig, ReadModel,
    Recorded, StreamId,
};

const MOST_OPS: usize = 200;

fuzz_target!(|bytes: &[u8]| {
    let _ = rehearse(&mut Unstructured::new(bytes));
});

/// How often each number was seen, which an event that takes effect twice makes wrong.
#[derive(Debug, Default, PartialEq)]
struct Seen(BTreeMap<u8, u32>);

impl ReadModel<u8> for Seen {
    fn apply(&mut self, recorded: &Recorded<u8>) {
        *self.0.entry(recorded.event).or_default() += 1;
    }
}

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let config = EventStoreConfig {
        most_events: u.int_in_range(1..=60)?,
        idempotent_by_event_id: u.arbitrary()?,
        commands_remembered: u.int_in_range(0..=4)?,
    };
    let mut store = EventStore::try_new(&config).expect("it is within its bounds");
    let reorder_max = u.int_in_range(0..=4)?;
    let projection = |guarantee| ProjectionConfig { reorder_max, guarantee, checkpoint_every: 3, ..Default::default() };
    let mut exactly = Projection::<Seen>::try_new(&projection(Guarantee::ExactlyOnce)).expect("it is valid");
    let mut at_least = Projection::<Seen>::try_new(&projection(Guarantee::AtLeastOnce)).expect("it is valid");
    for _ in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        match u.int_in_range(0..=9)? {
            0..=4 => write(u, &mut store)?,
            _ => read(u, &store, &mut exactly, &mut at_least)?,
        }
        let position = exactly.wants();
        let mut replayed = Seen::default();
        store.all_from(0)[..position as usize].iter().for_each(|recorded| replayed.apply(recorded));
        assert_eq!(*exactly.model(), replayed);
        // Nothing is lost under «at least once» either.
        let seen = |number: &u8| at_least.model().0.get(number).copied().unwrap_or(0);
        let sure = &store.all_from(0)[..at_least.wants() as usize];
        let mut counts = BTreeMap::<u8, u32>::new();
        sure.iter().for_each(|recorded| *counts.entry(recorded.event).or_default() += 1);
        assert!(counts.iter().all(|(number, &count)| seen(number) >= count));
    }
    Ok(())
}

fn write(u: &mut Unstructured<'_>, store: &mut EventStore<u8>) -> Result<()> {
    let (now, stream) = (Instant::from_nanos(u.arbitrary()?), StreamId(u.int_in_range(0..=3)?));
    let expected = match u.int_in_range(0..=4)? {
        0 | 1 => Expected::Any,
        2 => Expected::NoStream,
        3 => Expected::Exists,
        _ => Expected::Version(if u.ratio(1, 8)? { u.arbitrary()? } else { u.int_in_range(0..=9)? }),
    };
    let new = |id: u8| NewEvent { id: id.into(), event: id };
    let ids: Vec<u8> = (0..u.int_in_range(0..=3)?).map(|_| u.int_in_range(0..=20)).collect::<Result<_>>()?;
    let events: Vec<_> = ids.iter().map(|&id| new(id)).collect();
    let (before, version) = (store.len(), store.version(stream));
    let written = match u.int_in_range(0..=7)? {
        0 => store.append_for_command(now, u.int_in_range(0..=9)?, stream, expected, &events),
        1 => {
            let placed = ids.iter().map(|&id| Ok((if u.ratio(1, 9)? { u.arbitrary()? } else { id.into() }, new(id))));
            let placed: Vec<_> = placed.collect::<Result<_>>()?;
            store.append_tracked(now, stream, &placed, u.arbitrary()?)
        }
        2 => {
            let positions: Vec<u64> = ids.iter().map(|&id| id.into()).collect();
            store.link(stream, expected, &positions)
        }
        3 if u.ratio(1, 4)? => {
            store.delete(stream, if u.arbitrary()? { Deletion::Hard } else { Deletion::Soft });
            return Ok(());
        }
        _ => store.append(now, stream, expected, &events),
    };
    match written {
        Ok(written) if !written.already => assert_eq!(written.position, store.len()),
        _ => assert_eq!(
            (store.len(), store.version(stream)),
            (before, version),
            "refused, and yet something was written"
        ),
    }
    let versions: Vec<u32> = store.read(stream, 0).map(|(version, _)| version).collect();
    assert!(versions.is_sorted_by(|a, b| a < b) && versions.last().copied() == store.version(stream));
    Ok(())
}

fn read(
    u: &mut Unstructured<'_>,
    store: &EventStore<u8>,
    exactly: &mut Projection<Seen>,
    at_least: &mut Projection<Seen>,
) -> Result<()> {
    let action = u.int_in_range(0..=11)?;
    let offset: i64 = if u.ratio(1, 16)? { u.arbitrary()? } else { u.int_in_range(-3..=4)? };
    for projection in [exactly, at_least] {
        match action {
            0..=5 => {
                let position = projection.wants().saturating_add_signed(offset);
                let _ = projection.deliver(store, position);
            }
            6 => projection.crash(),
            7 => projection.stop(),
            8 | 9 => projection.resume(),
            10 => drop(projection.catch_up(store)),
            _ => projection.rebuild(),
        }
        let view = projection.view(Instant::ZERO, store);
        assert!(view.checkpoint <= view.position && view.position <= store.len());
    }
    Ok(())
}
