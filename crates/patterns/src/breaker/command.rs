//! What somebody tells the breaker to do.

use std::time::Duration;

use super::{Breaker, Cause, State, Transition};
use crate::Instant;

/// A command by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Close, unless it is closed.
    Close,
    /// Close, and forget everything.
    Reset,
    /// Open, for the wait that is due.
    Open,
    /// Open for so long.
    OpenFor(Duration),
    /// Let trial calls through.
    HalfOpen,
    /// Refuse all calls until another command.
    ForceOpen,
    /// Let all calls through and count nothing.
    Disable,
    /// Let all calls through, count them, and never open.
    MeasureOnly,
}

/// The command has no use in the state in which the breaker is, and the configuration asks to refuse such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandRefused {
    /// Where the breaker stands.
    pub state: State,
    /// What it was told to do.
    pub command: Command,
}

impl Breaker {
    /// Does as it is told. Nothing changes where it is already so, unless
    /// [`commands_renew`](super::BreakerConfig::commands_renew) says that the state begins anew.
    ///
    /// # Errors
    /// Under [`commands_strict`](super::BreakerConfig::commands_strict): half-open from closed, and open or
    /// half-open from measuring only.
    pub fn command(&mut self, now: Instant, command: Command) -> Result<Option<Transition>, CommandRefused> {
        let state = self.state;
        let cause = Cause::Commanded(command);
        let same = match (command, state) {
            (Command::Open | Command::OpenFor(_), State::MeasuringOnly)
            | (Command::HalfOpen, State::Closed | State::MeasuringOnly)
                if self.rules.config.commands_strict =>
            {
                return Err(CommandRefused { state, command });
            }
            (Command::Close, State::Closed)
            | (Command::Open, State::Open { .. })
            | (Command::HalfOpen, State::HalfOpen)
            | (Command::ForceOpen, State::ForcedOpen)
            | (Command::Disable, State::Disabled)
            | (Command::MeasureOnly, State::MeasuringOnly) => true,
            _ => false,
        };
        if same && !self.rules.config.commands_renew {
            return Ok(None);
        }
        Ok(Some(match command {
            Command::Close | Command::Reset => self.enter(now, State::Closed, cause),
            Command::Open => self.open(now, None, cause),
            Command::OpenFor(wait) => self.open(now, Some(wait), cause),
            Command::HalfOpen => self.enter(now, State::HalfOpen, cause),
            Command::ForceOpen => {
                self.count_opening();
                self.enter(now, State::ForcedOpen, cause)
            }
            Command::Disable => self.enter(now, State::Disabled, cause),
            Command::MeasureOnly => self.enter(now, State::MeasuringOnly, cause),
        }))
    }

    /// Refuses all calls until another command.
    pub fn force_open(&mut self, now: Instant) -> Option<Transition> {
        self.always(now, Command::ForceOpen)
    }

    /// Lets all calls through and counts nothing.
    pub fn disable(&mut self, now: Instant) -> Option<Transition> {
        self.always(now, Command::Disable)
    }

    /// Closes it and forgets everything; so it also enables again what was disabled or forced open.
    pub fn reset(&mut self, now: Instant) -> Option<Transition> {
        self.always(now, Command::Reset)
    }

    fn always(&mut self, now: Instant, command: Command) -> Option<Transition> {
        self.command(now, command).expect("no state refuses this command")
    }
}
