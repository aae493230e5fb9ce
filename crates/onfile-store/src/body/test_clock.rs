//! Test clocks.

use onfile_domain::test_clock::{ClockState, TestClock};

use super::macros::{choice, record};

record!(TestClock v 1 { id, created, deleted, frozen_time, name, state });
choice!(ClockState {
    Ready = "ready" {},
    Advancing = "advancing" { to },
});
