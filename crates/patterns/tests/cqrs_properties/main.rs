//! CQRS on random sequences of operations, against slow and obviously right models.

mod faults;
mod store;
mod writers;
