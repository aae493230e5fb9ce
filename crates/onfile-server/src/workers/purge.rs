//! Forgets idempotency keys past their life, a few at a time.

use std::sync::Arc;

use tokio::sync::watch;

use crate::app::App;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::workers::{At, failed};

/// Looks every few minutes, until it is told to stop.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = tokio::time::sleep(limits::PURGE_EVERY) => {}
        }
        loop {
            let wall = app.surroundings.wall();
            match app.store.purge_idempotency(wall, limits::PURGE_BATCH).await {
                Ok(0) => break,
                Ok(_) => tokio::task::yield_now().await,
                Err(error) => {
                    failed("forgetting old idempotency keys", At::default(), &Stop::from(error));
                    break;
                }
            }
        }
    }
}
