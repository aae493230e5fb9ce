//! Everything that is one word: ids, codes, and the wire's choices.

use onfile_domain::adjustment::plan::Road;
use onfile_domain::agreement::{AgreementKind, AgreementState, AmountType, Interval, Level, Usage};
use onfile_domain::attempt::{AttemptState, AuthenticationState};
use onfile_domain::balance_transaction::{LedgerAccount, MovementKind};
use onfile_domain::bank::{AccountStatus, Availability, ScaPolicy, StopOrder, Strength};
use onfile_domain::card::{Brand, Funding, Risk, TestEffect, ThreeDs};
use onfile_domain::charge::{FailedBy, FraudReport};
use onfile_domain::country::Country;
use onfile_domain::customer::TaxExempt;
use onfile_domain::delivery::{Fault, TryFailure, TryReason};
use onfile_domain::gateway::{Initiator, ThreeDSecureFlow, ThreeDSecureReason, ThreeDSecureResult};
use onfile_domain::id::{
    AdjustmentId, AgreementId, AgreementUseId, AttemptId, AuthenticationId, BalanceTransactionId,
    ChargeId, CustomerId, PastDeclineId, PaymentIntentId, PaymentMethodId, RefundId,
    SetupAttemptId, SetupIntentId, StatementId, TestClockId, WebhookEndpointId,
};
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::{AuthenticationPurpose, ChallengeIndicator, CofMarker, NtiKind};
use onfile_domain::payment_intent::{
    AllowRedirects, CancelReason, CaptureMethod, CardNetwork, CardSetupUsage, ConfirmationMethod,
    CredentialUsage, IfAvailable, RequestThreeDSecure,
};
use onfile_domain::payment_method::{AllowRedisplay, Check};
use onfile_domain::refund::{PendingReason, RefundFailure, RefundReason};
use onfile_domain::setup_intent::{SetupAttemptStatus, SetupCancelReason};
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::EndpointStatus;

use super::macros::text;
use super::part::{Part, Wrong};
use super::reader::Reader;

text! {
    AdjustmentId, AgreementId, AgreementUseId, AttemptId, AuthenticationId, BalanceTransactionId,
    ChargeId, CustomerId, PastDeclineId, PaymentIntentId, PaymentMethodId, RefundId,
    SetupAttemptId, SetupIntentId, StatementId, TestClockId, Road by as_str,
    WebhookEndpointId, EndpointStatus by as_str, TryFailure by as_str, TryReason by as_str,
    Fault by as_str,
    Currency by code, Country by code,
    AgreementKind by as_str, AgreementState by as_str, AmountType by as_str, Interval by as_str,
    Level by as_str, Usage by as_str, AttemptState by as_str, AuthenticationState by as_str,
    LedgerAccount by as_str, MovementKind by as_str, AccountStatus by as_str,
    Availability by as_str, ScaPolicy by as_str, StopOrder by as_str, Strength by as_str,
    Brand by as_str,
    Funding by as_str, Risk by as_str, ThreeDs by as_str, FailedBy by as_str,
    FraudReport by as_str, TaxExempt by as_str, Initiator by as_str, ThreeDSecureFlow by as_str,
    ThreeDSecureReason by as_str, ThreeDSecureResult by as_str, AuthenticationPurpose by as_str,
    ChallengeIndicator by as_str, CofMarker by as_str, NtiKind by as_str,
    AllowRedirects by as_str, CancelReason by as_str, CaptureMethod by as_str,
    CardNetwork by as_str, CardSetupUsage by as_str, ConfirmationMethod by as_str,
    CredentialUsage by as_str, IfAvailable by as_str, RequestThreeDSecure by as_str,
    AllowRedisplay by as_str, Check by as_str, SetupAttemptStatus by as_str,
    SetupCancelReason by as_str, TestEffect by as_str, RefundReason by as_str,
    PendingReason by as_str, RefundFailure by as_str,
}

impl Part for WorldTime {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<WorldTime, Wrong> {
        Ok(WorldTime(from.integer()?))
    }
}

/// `[1099,"usd"]`.
impl Part for Money {
    fn write(&self, out: &mut String) {
        (self.minor(), self.currency).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Money, Wrong> {
        let (minor, currency) = Part::read(from)?;
        Ok(Money::new(minor, currency))
    }
}

impl<A: Part, B: Part> Part for (A, B) {
    fn write(&self, out: &mut String) {
        out.push('[');
        self.0.write(out);
        out.push(',');
        self.1.write(out);
        out.push(']');
    }

    fn read(from: &mut Reader<'_>) -> Result<(A, B), Wrong> {
        from.pair(A::read, B::read)
    }
}
