//! What a test has a delivery suffer, so that an app's own care can be seen.
//!
//! Faults change when a delivery is tried and how often, and never that it is: it stays a row, due
//! or waiting for a timer of the world's clock, so that whatever happens to the server, it goes on.
//! Which faults it met is written in it, so that none but [`Fault::Fail`] strikes twice.

use super::{Delivery, State};
use crate::time::WorldTime;
use crate::words::words;

words! {
    /// In which way a delivery goes wrong on purpose.
    Fault {
        /// A try is not made, and counts as answered with an error.
        Fail = "fail",
        /// It is sent once more, although it was acknowledged.
        Twice = "twice",
        /// It is held back for a while before its first try.
        Late = "late",
        /// It is held back before its first try until a later event of its endpoint was taken.
        OutOfOrder = "out_of_order",
    }
}

impl Delivery {
    /// Whether a fault may strike it where it is due, or, with [`Fault::Twice`], when the try
    /// that is made of it was acknowledged. A try that somebody asked for is made as it is.
    pub fn may_suffer(&self, fault: Fault) -> bool {
        let is_free = !self.asked && !self.acknowledged;
        is_free
            && match fault {
                Fault::Fail => true,
                Fault::Twice => !self.faults.contains(&fault),
                Fault::Late | Fault::OutOfOrder => {
                    self.tries.is_empty() && !self.faults.contains(&fault)
                }
            }
    }

    /// Held back until an instant; where somebody changed it meanwhile, it stays as it is.
    pub fn held(mut self, fault: Fault, until: WorldTime) -> Delivery {
        if self.state == State::Due && self.may_suffer(fault) {
            self.note(fault);
            self.state = State::Waiting { until };
        }
        self
    }

    /// Due once more, although it is delivered.
    pub fn once_more(mut self) -> Delivery {
        if self.state == State::Delivered {
            self.note(Fault::Twice);
            self.state = State::Due;
        }
        self
    }

    /// The fault that makes the next try: nothing else sends again what was acknowledged, unless
    /// somebody asks for it.
    pub fn sent_by(&self) -> Option<Fault> {
        (self.acknowledged && !self.asked).then_some(Fault::Twice)
    }

    /// Takes note of a fault that struck.
    pub(super) fn note(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Due, where it was held back for a later one to come first: that one was taken.
    pub fn let_go(self) -> Option<Delivery> {
        let is_held = matches!(self.state, State::Waiting { .. })
            && self.tries.is_empty()
            && self.faults.last() == Some(&Fault::OutOfOrder);
        is_held.then_some(Delivery { state: State::Due, ..self })
    }
}
