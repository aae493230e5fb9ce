//! Sends an event again because somebody asks for it.

use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::delivery::{Delivery, DeliveryId, Posted, State};
use crate::event;
use crate::id::{EventId, WebhookEndpointId};
use crate::refusal::{Noun, Place, Why};
use crate::webhook_endpoint::{EndpointStatus, WebhookEndpoint};

/// Another try of one delivery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resend;

impl Resend {
    /// Makes it due at once, whatever came of it before.
    ///
    /// # Errors
    /// When there is no such delivery, or its endpoint is disabled or gone.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<DeliveryId>) -> Result<Answer, Halt> {
        let missing =
            || Why::Missing { noun: Noun::Delivery, id: id.text.clone(), place: Place::Path };
        let wanted = id.id.ok_or_else(missing)?;
        let known = case.deliveries(wanted.event)?;
        let found = known.into_iter().find(|it| it.delivery.id == wanted);
        let is_told = |it: &Posted| event::is_told(it.delivery.created, case.now());
        let found = found.filter(is_told).ok_or_else(missing)?;
        let endpoint = case.by_seq::<WebhookEndpoint>(wanted.endpoint)?;
        let endpoint = endpoint.filter(|it| !it.deleted).ok_or(Why::EndpointClosed)?;
        send(case, &endpoint, found).map(|sent| Answer::Delivery(Box::new(sent)))
    }
}

/// An event again, as `stripe events resend` asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResendEvent {
    /// To whom.
    pub to: Hearers,
}

/// Who is told of an event again (Stripe's command line: `events resend`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hearers {
    /// Every endpoint that was told, and those who listen.
    All,
    /// Those who listen, and no endpoint.
    Listeners,
    /// This endpoint, whether it was told before or not.
    Endpoint(Ref<WebhookEndpointId>),
}

impl ResendEvent {
    /// Makes its deliveries due at once.
    ///
    /// # Errors
    /// When there is no such event or endpoint, or the endpoint is disabled.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<EventId>) -> Result<Answer, Halt> {
        let missing =
            || Why::Missing { noun: Noun::Event, id: id.text.clone(), place: Place::Path };
        let event = id.id.ok_or_else(missing)?;
        let created = case.event(event)?.ok_or_else(missing)?;
        let wanted = match self.to {
            Hearers::All => {
                send_to_all(case, event)?;
                case.tell_again(event);
                return Ok(Answer::Event(event));
            }
            Hearers::Listeners => {
                case.tell_again(event);
                return Ok(Answer::Event(event));
            }
            Hearers::Endpoint(wanted) => wanted,
        };
        let known = case.deliveries(event.seq)?;
        let endpoint = wanted.endpoint(case, Place::Param("webhook_endpoint"))?;
        let id = DeliveryId { event: event.seq, endpoint: endpoint.id.seq };
        match known.into_iter().find(|it| it.delivery.id == id) {
            Some(found) => drop(send(case, &endpoint, found)?),
            None if endpoint.status == EndpointStatus::Disabled => {
                return Err(Why::EndpointClosed.into());
            }
            None => {
                case.post(Delivery { asked: true, ..Delivery::new(id, created) }, None);
            }
        }
        Ok(Answer::Event(event))
    }
}

/// Makes every delivery of an event due whose endpoint is open.
fn send_to_all(case: &mut Case<'_>, event: EventId) -> Result<(), Halt> {
    for posted in case.deliveries(event.seq)? {
        let endpoint = case.by_seq::<WebhookEndpoint>(posted.delivery.id.endpoint)?;
        let is_open = |it: &WebhookEndpoint| !it.deleted && it.status == EndpointStatus::Enabled;
        if let Some(endpoint) = endpoint.filter(is_open) {
            send(case, &endpoint, posted)?;
        }
    }
    Ok(())
}

/// Makes a delivery due. One that is due already is left as it is: it may be on its way.
fn send(case: &mut Case<'_>, endpoint: &WebhookEndpoint, posted: Posted) -> Result<Delivery, Halt> {
    let Posted { version, delivery } = posted;
    if endpoint.status == EndpointStatus::Disabled {
        return Err(Why::EndpointClosed.into());
    }
    match delivery.state {
        State::Due => Ok(delivery),
        State::Waiting { .. } | State::Delivered | State::GivenUp | State::Canceled => {
            let delivery = Delivery { state: State::Due, asked: true, ..delivery };
            case.post(delivery.clone(), Some(version));
            Ok(delivery)
        }
    }
}
