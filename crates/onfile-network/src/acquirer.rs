//! The remote road to the issuers: what a connector must be able to do, and what may come of it.
//!
//! The shell has written an attempt down before it calls [`Acquirer::authorize`], and finishes it
//! by what comes back: an answer is booked, [`Sending::Unknown`] is reversed until acknowledged
//! (`card-network.md` 1.4, T1), [`Sending::NotSent`] owes nothing. An acquirer never sends a
//! message again by itself under new references; told of the same attempt twice, it answers for
//! the first. What it is told of a hold afterwards names the attempt that made it, and has a
//! reference of its own: told twice, it is done once.

use std::future::Future;
use std::pin::Pin;

use onfile_domain::id::{AttemptId, ChargeId};
use onfile_domain::money::Money;
use onfile_domain::network::{
    AuthenticationReply, AuthenticationRequest, Authorization, AuthorizationReply, ChallengeRequest,
};
use onfile_domain::pan::Pan;

/// What a connector's work comes to, in time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Which world a message is sent for (field 33), and by whom it is known at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The world.
    pub world: u32,
    /// The attempt that was written down; the network's references are derived from it, so that
    /// a second message for it is seen to be the same.
    pub attempt: AttemptId,
}

/// Something that the network is told of a hold and can't refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice<'a> {
    /// The world.
    pub world: u32,
    /// By what it is known at both ends, like [`Reference::attempt`]: told again under the same,
    /// it is acknowledged, and done once.
    pub reference: AdviceReference,
    /// What the hold was made for.
    pub of: HoldOf<'a>,
    /// How much is taken or let go of.
    pub amount: Money,
    /// What the charge comes to: for a capture what is authorized in all, for a reversal what is
    /// left of it (DE95), for a credit the credit alone.
    pub total: Money,
}

/// The name of an advice, its own for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdviceReference {
    /// The number under which it was written down.
    Followup(i64),
    /// The end of an attempt that nobody answered: there is one for each.
    Reversal(AttemptId),
}

/// What a hold was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldOf<'a> {
    /// An attempt that was approved.
    Approved(Approved<'a>),
    /// An attempt that was not answered: nobody knows whether there is a hold at all.
    Unanswered(AttemptId),
}

/// An approved authorization, by everything that a network may know it by (`card-network.md` 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approved<'a> {
    /// The attempt.
    pub attempt: AttemptId,
    /// The charge that it made.
    pub charge: ChargeId,
    /// The network's id of the message, as it was answered (`card-network.md` 1.6).
    pub network_transaction_id: Option<&'a str>,
    /// DE38.
    pub approval_code: Option<&'a str>,
}

/// The card's secrets, for the length of one message.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'a> {
    /// The number (DE2).
    pub pan: &'a Pan,
    /// The payment account reference, where the road needs one.
    pub par: &'a str,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending<T> {
    /// An answer: an approval or a decline.
    Answered(T),
    /// It was sent, or may have been, and no answer came in time.
    Unknown,
    /// It certainly was not sent: there was no connection, or it was refused before the message.
    NotSent,
}

/// What came of telling the network something that it can't refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// It is acknowledged, or was before; it need not be told again.
    Acknowledged,
    /// Nobody knows: tell it again later.
    Unacknowledged,
}

/// A road to the issuers. Its futures may be dropped at any time: that is an [`Unknown`] to
/// whoever dropped them.
///
/// [`Unknown`]: Sending::Unknown
pub trait Acquirer: Send + Sync {
    /// Asks the customer's bank, by way of the directory, whether the customer is there.
    /// Nothing is owed for an unknown outcome: the gateway takes it for an error (F5).
    fn authenticate<'a>(
        &'a self,
        reference: Reference,
        request: &'a AuthenticationRequest,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthenticationReply>>;

    /// Tells the customer's bank what the customer did with its challenge.
    fn end_challenge<'a>(
        &'a self,
        reference: Reference,
        challenge: &'a ChallengeRequest,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthenticationReply>>;

    /// Asks the issuer for the money, or for a check of the card when the amount is zero.
    fn authorize<'a>(
        &'a self,
        reference: Reference,
        message: &'a Authorization,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthorizationReply>>;

    /// Lets go of a hold or a part of it, or of what may have become one; told until acknowledged,
    /// and done once for each reference.
    fn reverse<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling>;

    /// Takes money of a hold; told until acknowledged, and done once for each reference
    /// (`card-network.md` T7).
    fn capture<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling>;

    /// Gives back money that was taken; told until acknowledged, and done once for each reference
    /// (`card-network.md` T8).
    fn refund<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling>;
}
