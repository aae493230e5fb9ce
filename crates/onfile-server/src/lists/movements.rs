//! Movements by what moved them. No index leads there: a charge or a refund names its movements
//! itself, and there are few.

use onfile_domain::id::BalanceTransactionId;
use onfile_domain::object::{Kind, Object};
use onfile_domain::refund::{Refund, RefundState};
use onfile_store::{Cursor, ListQuery, Page};
use onfile_wire::params::ListFilter;

use crate::app::App;
use crate::call::Call;
use crate::lists::narrow::holds;
use crate::retrieve::find;
use crate::stop::Stop;

/// The movements of a charge or refund, newest first. An id that is of neither, or leads nowhere,
/// has none.
pub(super) async fn of_source(app: &App, call: &Call, source: &str) -> Result<Vec<Object>, Stop> {
    let mut ids = Vec::new();
    for kind in [Kind::Charge, Kind::Refund] {
        match find(app, call, kind, source).await? {
            Some(Object::Charge(charge)) => ids.extend(charge.movements()),
            Some(Object::Refund(refund)) => ids.extend(of_refund(&refund)),
            Some(_) | None => {}
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(find(app, call, Kind::BalanceTransaction, &id.to_string()).await?);
    }
    Ok(found)
}

/// A page of them.
pub(super) fn page(mut items: Vec<Object>, filter: &ListFilter, query: &ListQuery) -> Page<Object> {
    let is_here = |seq: u64| match query.cursor {
        Cursor::Newest => true,
        Cursor::After(at) => seq < at,
        Cursor::Before(at) => seq > at,
    };
    items.retain(|object| {
        let created = object.created();
        let is_then = query.from.is_none_or(|from| from <= created)
            && query.to.is_none_or(|to| created <= to);
        is_here(object.seq()) && is_then && holds(filter, query, object)
    });
    let surplus = items.len().saturating_sub(query.limit);
    match query.cursor {
        Cursor::Newest | Cursor::After(_) => items.truncate(query.limit),
        Cursor::Before(_) => drop(items.drain(..surplus)),
    }
    Page { items, has_more: surplus > 0 }
}

fn of_refund(refund: &Refund) -> Vec<BalanceTransactionId> {
    match &refund.state {
        RefundState::Pending { .. } => Vec::new(),
        RefundState::Succeeded { balance_transaction, .. } => vec![*balance_transaction],
        RefundState::Failed { balance_transaction, failure_balance_transaction, .. } => {
            vec![*balance_transaction, *failure_balance_transaction]
        }
    }
}
