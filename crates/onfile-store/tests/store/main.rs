//! One suite for every store, and what only the embedded one can go through.

mod conformance;
mod embedded;
mod made;
