//! Writes answers, and loads what `expand` wants.

use std::collections::BTreeMap;

use onfile_domain::account::Account;
use onfile_domain::case::{Decision, Dossier, Need, Write};
use onfile_domain::command::{Answer, Gone};
use onfile_domain::id::{
    AdjustmentId, BalanceTransactionId, ChargeId, CustomerId, PaymentIntentId, PaymentMethodId,
    RefundId, SetupAttemptId, SetupIntentId, TestClockId, WebhookEndpointId,
};
use onfile_domain::object::{Kind, Object};
use onfile_domain::refusal::Refusal;
use onfile_domain::time::WorldTime;
use onfile_store::{StoreError, WorldId};
use onfile_wire::error::WireError;
use onfile_wire::header::Verb;
use onfile_wire::json::{Json, Layout};
use onfile_wire::view::{Found, Frame, Loaded, Show, ViewCx, render};
use onfile_wire::{answer, views};

use crate::app::App;
use crate::delivery::letter;
use crate::work::{Outcome, Shown, Written};
use crate::{deliveries, events};

/// The objects that an answer may show beside its own.
#[derive(Default)]
pub(crate) struct Known {
    by_id: BTreeMap<String, Option<Object>>,
    lists: BTreeMap<String, Vec<Object>>,
}

impl Known {
    /// What a decision is about to write.
    pub(crate) fn of(decision: &Decision) -> Known {
        let mut known = Known::default();
        for write in &decision.writes {
            let (Write::Insert(object) | Write::Update { object, .. }) = write;
            known.by_id.insert(object.id_text(), Some(object.clone()));
        }
        known
    }
}

impl Loaded for Known {
    fn find(&self, id: &str) -> Found<'_> {
        match self.by_id.get(id) {
            None => Found::NotLoaded,
            Some(None) => Found::Gone,
            Some(Some(object)) => Found::Object(object),
        }
    }

    fn find_list(&self, list: &str) -> Option<Vec<&dyn Show>> {
        let objects = self.lists.get(list)?;
        Some(objects.iter().map(|object| object as &dyn Show).collect())
    }
}

/// In which world and at which moment something is shown.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The world; `None` while it is not made.
    pub(crate) world: Option<WorldId>,
    /// Whose it is.
    pub(crate) account: &'a Account,
    /// Its clock.
    pub(crate) now: WorldTime,
}

impl<'a> Scene<'a> {
    /// What is the same for a whole answer.
    pub(crate) fn frame(self, shown: Shown<'a>) -> Frame<'a> {
        Frame {
            version: shown.version,
            audience: shown.audience,
            now: self.now,
            livemode: self.account.is_live(),
            account: &self.account.id,
            base: shown.base,
        }
    }
}

/// Writes what a rule came to: an object, or a failure that is an answer too.
pub(crate) async fn outcome(
    app: &App,
    scene: Scene<'_>,
    shown: Shown<'_>,
    known: Known,
    outcome: &Outcome,
) -> Result<Written, StoreError> {
    let answer = match outcome {
        Outcome::Answer(answer) => answer,
        Outcome::Account(account) => {
            let view: &(dyn Show + Sync) = account.as_ref();
            return Ok(fine(object(app, scene, shown, known, view).await?));
        }
        Outcome::Silent => return Ok(fine(b"{}\n".to_vec())),
    };
    match answer.as_ref() {
        Answer::Shown(it) => Ok(fine(object(app, scene, shown, known, it).await?)),
        Answer::Deleted(gone) => {
            let mut json = Json::new(Layout::Pretty);
            match gone {
                Gone::Customer(id) => views::customer::show_deleted(*id, &mut json),
                Gone::TestClock(id) => views::test_clock::show_deleted(*id, &mut json),
                Gone::WebhookEndpoint(id) => {
                    views::webhook_endpoint::show_deleted(*id, &mut json);
                }
            }
            Ok(fine(json.into_bytes()))
        }
        Answer::Adjusted(report) => {
            Ok(fine(object(app, scene, shown, known, report.as_ref()).await?))
        }
        Answer::Previewed(preview) => {
            Ok(fine(object(app, scene, shown, known, preview.as_ref()).await?))
        }
        Answer::Revealed(endpoint) => {
            let secret = letter::secret(&app.vault, &endpoint.seed);
            let write = |w: &mut Json, cx: &mut ViewCx<'_>| {
                views::webhook_endpoint::show_with_secret(endpoint, &secret, w, cx);
            };
            Ok(fine(with(app, scene, shown, known, &write).await?))
        }
        Answer::Delivery(delivery) => {
            Ok(fine(deliveries::shown(app, scene, shown, delivery).await?))
        }
        Answer::Event(event) => Ok(fine(events::shown(app, scene, shown, *event).await?)),
        Answer::Failed { failure, about } => {
            let error = answer::failure(failure, about.as_ref(), scene.frame(shown));
            Ok(refused(&error, shown.base))
        }
    }
}

/// Writes a refusal.
pub(crate) fn refusal(refusal: &Refusal, scene: Scene<'_>, shown: Shown<'_>) -> Written {
    refused(&answer::refusal(refusal, scene.frame(shown)), shown.base)
}

/// Writes an error of a POST.
pub(crate) fn refused(error: &WireError, base: &str) -> Written {
    Written {
        status: error.status,
        body: error.to_json(base),
        should_retry: error.should_retry(Verb::Post),
        // 401, 403, 409, 429 and 503 say something of the moment, not of the call.
        kept: matches!(error.status, 200 | 400 | 402 | 404 | 500),
    }
}

pub(crate) fn fine(body: Vec<u8>) -> Written {
    Written { status: 200, body, should_retry: Verb::Post.should_retry(), kept: true }
}

/// Writes one object, loading what is to be expanded until nothing is missing.
pub(crate) async fn object(
    app: &App,
    scene: Scene<'_>,
    shown: Shown<'_>,
    known: Known,
    view: &(dyn Show + Sync),
) -> Result<Vec<u8>, StoreError> {
    with(app, scene, shown, known, &|w, cx| view.show(w, cx)).await
}

/// Writes anything, loading what is to be expanded until nothing is missing.
pub(crate) async fn with(
    app: &App,
    scene: Scene<'_>,
    shown: Shown<'_>,
    mut known: Known,
    write: &(dyn Fn(&mut Json, &mut ViewCx<'_>) + Sync),
) -> Result<Vec<u8>, StoreError> {
    loop {
        let frame = scene.frame(shown);
        let (bytes, needs) = render(Layout::Pretty, frame, shown.expand, &known, write);
        if needs.is_empty() {
            return Ok(bytes);
        }
        for id in needs.ids {
            let found = find(app, scene, &id).await?;
            known.by_id.insert(id, found);
        }
        for list in needs.lists {
            let found = find_list(app, scene, &known, &list).await?;
            known.lists.insert(list, found);
        }
    }
}

/// A kind and a row of it.
pub(crate) type Row = (Kind, u64);

/// The kind and row that an id names, whatever it is an id of.
pub(crate) fn row_of(id: &str) -> Option<Row> {
    let row = |kind, seq| Some((kind, seq));
    let (head, _) = id.split_once('_')?;
    match head {
        "cus" => row(Kind::Customer, id.parse::<CustomerId>().ok()?.seq),
        "pm" => row(Kind::PaymentMethod, id.parse::<PaymentMethodId>().ok()?.seq),
        "pi" => row(Kind::PaymentIntent, id.parse::<PaymentIntentId>().ok()?.seq),
        "seti" => row(Kind::SetupIntent, id.parse::<SetupIntentId>().ok()?.seq),
        "setatt" => row(Kind::SetupAttempt, id.parse::<SetupAttemptId>().ok()?.seq),
        "ch" => row(Kind::Charge, id.parse::<ChargeId>().ok()?.seq),
        "clock" => row(Kind::TestClock, id.parse::<TestClockId>().ok()?.seq),
        "adj" => row(Kind::Adjustment, id.parse::<AdjustmentId>().ok()?.seq),
        "re" => row(Kind::Refund, id.parse::<RefundId>().ok()?.seq),
        "we" => row(Kind::WebhookEndpoint, id.parse::<WebhookEndpointId>().ok()?.seq),
        "txn" => row(Kind::BalanceTransaction, id.parse::<BalanceTransactionId>().ok()?.seq),
        _ => None,
    }
}

/// The object that an id names, to the letter.
pub(crate) async fn find(
    app: &App,
    scene: Scene<'_>,
    id: &str,
) -> Result<Option<Object>, StoreError> {
    let (Some(world), Some((kind, seq))) = (scene.world, row_of(id)) else { return Ok(None) };
    let mut dossier = Dossier::new(scene.now, scene.account.clone());
    app.store.load(world, &[Need::Row(kind, seq)], &mut dossier).await?;
    let object = dossier.row(kind, seq).map(|row| row.object.clone());
    Ok(object.filter(|object| object.id_text() == id))
}

/// A list that is part of another object, newest first: the charges of an intent (before
/// 2022-11-15), the refunds of a charge. What is about to be written belongs to it.
async fn find_list(
    app: &App,
    scene: Scene<'_>,
    known: &Known,
    list: &str,
) -> Result<Vec<Object>, StoreError> {
    let (Some(world), Some((kind, parent))) = (scene.world, list_of(list)) else {
        return Ok(Vec::new());
    };
    let mut dossier = Dossier::new(scene.now, scene.account.clone());
    let need = Need::Children(kind, parent);
    app.store.load(world, &[need], &mut dossier).await?;
    let rows = dossier.listed(&need).map(|row| row.object.clone());
    let mut found: BTreeMap<u64, Object> = rows.map(|object| (object.seq(), object)).collect();
    for object in known.by_id.values().flatten() {
        if object.kind() == kind && object.parent() == Some(parent) {
            found.insert(object.seq(), object.clone());
        }
    }
    Ok(found.into_values().rev().collect())
}

/// What a list's path says: of which kind its objects are, and below which row.
fn list_of(list: &str) -> Option<(Kind, u64)> {
    if let Some((_, intent)) = list.split_once("payment_intent=") {
        return Some((Kind::Charge, intent.parse::<PaymentIntentId>().ok()?.seq));
    }
    let charge = list.strip_prefix("/v1/charges/")?.strip_suffix("/refunds")?;
    Some((Kind::Refund, charge.parse::<ChargeId>().ok()?.seq))
}
