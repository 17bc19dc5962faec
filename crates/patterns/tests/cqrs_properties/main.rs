//! CQRS on random sequences of operations, against slow and obviously right models.

mod faults;
mod inline;
mod pipeline;
mod store;
mod writers;
