//! The field manual's example, worked out: soldiers and the companies they are assigned to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Aggregate, ReadModel, Recorded, StreamId};

/// A soldier, by number: 1 is `soldier_1`. Each has a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person(pub u32);

impl Person {
    /// The stream of what happens to this person.
    pub const fn stream(self) -> StreamId {
        StreamId(self.0)
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "soldier_{}", self.0)
    }
}

/// A company, by number: 0 is `Alpha Company`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Company(pub u16);

/// The spelling alphabet of ICAO and NATO.
const NAMES: [&str; 26] = [
    "Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima",
    "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray",
    "Yankee", "Zulu",
];

impl fmt::Display for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (round, letter) = (self.0 / 26, usize::from(self.0 % 26));
        f.write_str(NAMES[letter])?;
        if round > 0 {
            write!(f, " {}", round + 1)?;
        }
        f.write_str(" Company")
    }
}

/// What is asked about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonnelCommand {
    /// Join a company.
    Assign(Company),
    /// Leave one company for another.
    Transfer(Company),
    /// Leave.
    Release,
}

/// What happened to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonnelEvent {
    /// Joined a company.
    Assigned(Company),
    /// Went to another company.
    Transferred {
        /// From this one; none where nobody checked.
        from: Option<Company>,
        /// To this one.
        to: Company,
    },
    /// Left; none where nobody checked.
    Released(Option<Company>),
}

/// Why a command was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// One must be released, or transferred, to join another company.
    AlreadyAssigned(Company),
    /// Who is in no company can't leave one.
    NotAssigned,
    /// That is no transfer.
    AlreadyThere(Company),
    /// There is no such company.
    UnknownCompany(Company),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyAssigned(to) => write!(f, "already assigned to {to}"),
            Self::NotAssigned => f.write_str("assigned to no company"),
            Self::AlreadyThere(to) => write!(f, "is in {to} already"),
            Self::UnknownCompany(company) => write!(f, "there is no {company}"),
        }
    }
}

/// How many companies there are: those below this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Companies(pub u16);

/// A person's assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assignment(pub Option<Company>);

impl Aggregate for Assignment {
    type Event = PersonnelEvent;
    type Command = PersonnelCommand;
    type World = Companies;
    type Rejection = Rejection;

    fn apply(&mut self, event: &PersonnelEvent) {
        self.0 = match *event {
            PersonnelEvent::Assigned(company) | PersonnelEvent::Transferred { to: company, .. } => Some(company),
            PersonnelEvent::Released(_) => None,
        };
    }

    fn decide(&self, command: &PersonnelCommand, companies: &Companies) -> Result<Vec<PersonnelEvent>, Rejection> {
        if let PersonnelCommand::Assign(company) | PersonnelCommand::Transfer(company) = *command
            && company.0 >= companies.0
        {
            return Err(Rejection::UnknownCompany(company));
        }
        let event = match (*command, self.0) {
            (PersonnelCommand::Assign(company), None) => PersonnelEvent::Assigned(company),
            (PersonnelCommand::Assign(_), Some(there)) => return Err(Rejection::AlreadyAssigned(there)),
            (_, None) => return Err(Rejection::NotAssigned),
            (PersonnelCommand::Transfer(to), Some(there)) if to == there => return Err(Rejection::AlreadyThere(to)),
            (PersonnelCommand::Transfer(to), from) => PersonnelEvent::Transferred { from, to },
            (PersonnelCommand::Release, from) => PersonnelEvent::Released(from),
        };
        Ok(vec![event])
    }

    fn unchecked(command: &PersonnelCommand) -> Vec<PersonnelEvent> {
        vec![match *command {
            PersonnelCommand::Assign(company) => PersonnelEvent::Assigned(company),
            PersonnelCommand::Transfer(to) => PersonnelEvent::Transferred { from: None, to },
            PersonnelCommand::Release => PersonnelEvent::Released(None),
        }]
    }
}

/// The read model that answers where somebody is. To set a value twice is to set it, so it stands any redelivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByPerson {
    companies: BTreeMap<Person, Company>,
}

impl ByPerson {
    /// Where a person is.
    pub fn company_of(&self, person: Person) -> Option<Company> {
        self.companies.get(&person).copied()
    }

    /// Everybody who is somewhere.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Person, Company)> {
        self.companies.iter().map(|(&person, &company)| (person, company))
    }
}

impl ReadModel<PersonnelEvent> for ByPerson {
    fn apply(&mut self, recorded: &Recorded<PersonnelEvent>) {
        let person = Person(recorded.stream.0);
        match recorded.event {
            PersonnelEvent::Assigned(company) | PersonnelEvent::Transferred { to: company, .. } => {
                self.companies.insert(person, company);
            }
            PersonnelEvent::Released(_) => {
                self.companies.remove(&person);
            }
        }
    }
}

/// The read model that answers how many are in a company. It counts, so an event that takes effect twice makes it
/// wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    counts: BTreeMap<Company, i64>,
}

impl Strength {
    /// How many are in a company. Below 0 only where events took effect twice.
    pub fn of(&self, company: Company) -> i64 {
        self.counts.get(&company).copied().unwrap_or(0)
    }

    fn add(&mut self, company: Option<Company>, change: i64) {
        if let Some(company) = company {
            *self.counts.entry(company).or_insert(0) += change;
        }
    }
}

impl ReadModel<PersonnelEvent> for Strength {
    fn apply(&mut self, recorded: &Recorded<PersonnelEvent>) {
        match recorded.event {
            PersonnelEvent::Assigned(company) => self.add(Some(company), 1),
            PersonnelEvent::Transferred { from, to } => {
                self.add(from, -1);
                self.add(Some(to), 1);
            }
            PersonnelEvent::Released(company) => self.add(company, -1),
        }
    }
}

/// The read model that answers who is in a company, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByCompany {
    members: BTreeSet<(Company, Person)>,
    strength: Strength,
}

impl ByCompany {
    /// Who is in a company, in the order of their numbers.
    pub fn members(&self, company: Company) -> impl DoubleEndedIterator<Item = Person> {
        self.members.range((company, Person(0))..=(company, Person(u32::MAX))).map(|&(_, person)| person)
    }

    /// How many are in a company, as [`Strength`] counts them: another number than that of its members only where events
    /// took effect twice.
    pub fn count(&self, company: Company) -> i64 {
        self.strength.of(company)
    }
}

impl ReadModel<PersonnelEvent> for ByCompany {
    fn apply(&mut self, recorded: &Recorded<PersonnelEvent>) {
        let person = Person(recorded.stream.0);
        let (from, to) = match recorded.event {
            PersonnelEvent::Assigned(to) => (None, Some(to)),
            PersonnelEvent::Transferred { from, to } => (from, Some(to)),
            PersonnelEvent::Released(from) => (from, None),
        };
        if let Some(from) = from {
            self.members.remove(&(from, person));
        }
        if let Some(to) = to {
            self.members.insert((to, person));
        }
        self.strength.apply(recorded);
    }
}
