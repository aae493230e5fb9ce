//! Runs the decision procedure over one payment or set-up (`card-network.md` 6.3): guards, class,
//! zone, need, the customer's bank, the issuer, and once more after a soft decline.
//!
//! It asks the network but writes nothing: what came of it is an [`Outcome`], which the intent's
//! own rule writes down. So a case that halts here holds only what the call made before.

use crate::attempt::{Attempt, AttemptState, Subject};
use crate::card::ThreeDs;
use crate::case::{Case, Halt};
use crate::charge::FailedBy;
use crate::decline::{self, Class as Retry, Decline};
use crate::failure::Cause;
use crate::gateway::after::{self, After, Proof};
use crate::gateway::initiator::{self, Class};
use crate::gateway::inputs::Inputs;
use crate::gateway::need::{self, Plan};
use crate::gateway::outcome::{Message, Outcome, SeenDecline, Verdict, initiator_of};
use crate::gateway::zone::zone;
use crate::gateway::{Pending, Soft, ThreeDSecureReason, guards, wire};
use crate::id::{AttemptId, ChargeId};
use crate::network::{
    AuthenticationReply, AuthorizationReply, ChallengeAnswer, ChallengeIndicator, ChallengeRequest,
    Question, Reply, TransStatus,
};

/// Runs the whole procedure.
///
/// # Errors
/// A refusal of G6, and the halts of the case.
pub fn run(case: &mut Case<'_>, inputs: &Inputs) -> Result<Outcome, Halt> {
    let mut run = Run::new(case, inputs);
    if let Some(stop) = guards::check(run.case, inputs)? {
        run.fired(stop.rule);
        let by = stop.blocked.then_some(FailedBy::Blocked);
        let verdict = refused(stop.decline, by);
        return Ok(run.end(verdict));
    }
    let (rule, class) = initiator::class(inputs);
    let zone = zone(inputs.facts().country, inputs.acquirer_country);
    let (need_rule, plan) = need::need(inputs, class, zone);
    run.class = class;
    run.fired(rule);
    run.fired(zone.as_str());
    run.fired(need_rule);
    let verdict = match plan {
        Plan::NotSent => refused(decline::authentication_required(), None),
        Plan::Plain => run.authorize()?,
        Plan::Imported(proof) => {
            run.proof = Some(*proof);
            run.authorize()?
        }
        Plan::Authenticate(indicator) => run.authenticate(indicator)?,
        Plan::StepUp => run.step_up()?,
    };
    Ok(run.end(verdict))
}

/// Checks a card without charging it: the guards and one message, for nobody is authenticated.
///
/// # Errors
/// The halts of the case.
pub fn check(case: &mut Case<'_>, inputs: &Inputs) -> Result<Outcome, Halt> {
    let mut run = Run::new(case, inputs);
    if let Some(stop) = guards::check(run.case, inputs)? {
        run.fired(stop.rule);
        return Ok(run.end(refused(stop.decline, None)));
    }
    // A soft decline of a check has no second try either.
    run.stepped_up = true;
    let verdict = run.authorize()?;
    Ok(run.end(verdict))
}

/// Tells the bank what the customer did with its challenge. Passed, the proof comes back with the
/// rules that fired; `None` is F4.
///
/// # Errors
/// The halts of the case.
pub fn answer_challenge(
    case: &mut Case<'_>,
    pending: &Pending,
    answer: ChallengeAnswer,
) -> Result<(Option<String>, Vec<String>), Halt> {
    let question = Question::Challenge(ChallengeRequest {
        request: pending.request.clone(),
        ds_trans_id: pending.ds_trans_id.clone(),
        answer,
    });
    let reply = authentication(case.ask(question)?);
    let passed = match reply.status {
        TransStatus::Authenticated => reply.authentication_value,
        TransStatus::Attempted
        | TransStatus::Denied
        | TransStatus::Unavailable
        | TransStatus::Rejected
        | TransStatus::ChallengeNeeded
        | TransStatus::Error => None,
    };
    Ok((passed, reply.rules))
}

/// Goes on after a challenge that was passed (F3): asks the issuer.
///
/// # Errors
/// The halts of the case.
pub fn resume(
    case: &mut Case<'_>,
    inputs: &Inputs,
    pending: &Pending,
    value: String,
    rules: &[String],
) -> Result<Outcome, Halt> {
    let mut run = Run::new(case, inputs);
    run.class = initiator::class(inputs).1;
    run.stepped_up = pending.after_soft_decline;
    run.trace.clone_from(&pending.trace);
    run.trace.extend_from_slice(rules);
    run.fired("F3");
    run.proof = Some(after::challenged(inputs, pending.ds_trans_id.clone(), value));
    let verdict = run.authorize()?;
    Ok(run.end(verdict))
}

/// Ends after a challenge that was failed, canceled or left (F4).
pub fn fail_challenge(
    case: &mut Case<'_>,
    inputs: &Inputs,
    pending: &Pending,
    answer: ChallengeAnswer,
    rules: &[String],
) -> Outcome {
    let reason = match answer {
        ChallengeAnswer::TimedOut => ThreeDSecureReason::Abandoned,
        ChallengeAnswer::Failed | ChallengeAnswer::Completed => ThreeDSecureReason::Rejected,
    };
    let mut run = Run::new(case, inputs);
    run.trace.clone_from(&pending.trace);
    run.trace.extend_from_slice(rules);
    run.fired("F4");
    run.proof = Some(after::unanswered(pending.ds_trans_id.clone(), reason));
    let verdict = run.unauthenticated();
    run.end(verdict)
}

/// One run, with what it has seen so far.
struct Run<'r, 'd> {
    case: &'r mut Case<'d>,
    inputs: &'r Inputs,
    class: Class,
    /// The customer is asked because of a soft decline: there is no third try.
    stepped_up: bool,
    attempt: AttemptId,
    charge: Option<ChargeId>,
    proof: Option<Proof>,
    trace: Vec<String>,
    warnings: Vec<String>,
    /// The newest message to the issuer.
    message: Option<Message>,
    silent: bool,
    finished: Vec<Attempt>,
    declines: Vec<SeenDecline>,
    soft: Option<Soft>,
}

impl<'r, 'd> Run<'r, 'd> {
    fn new(case: &'r mut Case<'d>, inputs: &'r Inputs) -> Run<'r, 'd> {
        let attempt = case.mint.id(AttemptId::new);
        let charge = match inputs.subject {
            Subject::Payment(_) => Some(case.mint.id(ChargeId::new)),
            Subject::Increment(_) | Subject::Setup(_) | Subject::Method(_) => None,
        };
        Run {
            case,
            inputs,
            class: Class::Plain,
            stepped_up: false,
            attempt,
            charge,
            proof: None,
            trace: Vec::new(),
            warnings: Vec::new(),
            message: None,
            silent: false,
            finished: Vec::new(),
            declines: Vec::new(),
            soft: None,
        }
    }

    fn fired(&mut self, rule: &str) {
        self.trace.push(rule.to_owned());
    }

    /// Asks the customer's bank.
    fn authenticate(&mut self, indicator: ChallengeIndicator) -> Result<Verdict, Halt> {
        if self.inputs.facts().three_ds == ThreeDs::None {
            self.proof = Some(after::not_supported());
            if self.stepped_up {
                self.fired("F5");
                return Ok(self.anomaly());
            }
            return self.authorize();
        }
        let request = wire::authentication(self.inputs, indicator);
        self.draft();
        let reply = authentication(self.case.ask(Question::Authenticate(request.clone()))?);
        self.trace.extend(reply.rules.iter().cloned());
        let (rule, after) = after::after(self.inputs, &reply);
        if let Some(rule) = rule {
            self.fired(rule);
        }
        match after {
            After::Authorize(proof) => {
                self.proof = Some(*proof);
                self.authorize()
            }
            After::Challenge => Ok(Verdict::Challenged(Box::new(Pending {
                request,
                ds_trans_id: reply.ds_trans_id,
                after_soft_decline: self.stepped_up,
                trace: self.trace.clone(),
                passed: None,
            }))),
            After::Failed(proof) => {
                self.proof = Some(*proof);
                Ok(self.unauthenticated())
            }
            After::Unavailable(proof) => {
                self.proof = Some(*proof);
                self.unavailable()
            }
        }
    }

    /// F5. `allow_unauthenticated` is unset in every world: no in the zones where authentication
    /// is law, yes elsewhere.
    fn unavailable(&mut self) -> Result<Verdict, Halt> {
        let facts = self.inputs.facts();
        if self.stepped_up {
            Ok(self.anomaly())
        } else if zone(facts.country, self.inputs.acquirer_country).is_sca() {
            Ok(self.unauthenticated())
        } else {
            self.authorize()
        }
    }

    /// Asks the issuer.
    fn authorize(&mut self) -> Result<Verdict, Halt> {
        if self.message.is_some() {
            // A second message is a new attempt; the first one was put down when it was answered.
            self.attempt = self.case.mint.id(AttemptId::new);
        }
        let authorization = wire::authorization(self.inputs, self.class, self.proof.as_ref());
        if authorization.mit.is_some() && authorization.original.is_none() {
            self.warnings.push("mit.no_nti".to_owned());
        }
        self.draft();
        let reply = self.case.ask(Question::Authorize(authorization.clone()))?;
        match reply {
            Reply::Authorization(reply) => {
                self.trace.extend(reply.rules.iter().cloned());
                let message = Message { authorization, reply: Some(reply.clone()) };
                self.message = Some(message);
                if reply.is_approved() { Ok(Verdict::Approved) } else { self.declined(&reply) }
            }
            Reply::Silence => {
                self.message = Some(Message { authorization, reply: None });
                self.silent = true;
                Ok(refused(processing_error(), Some(FailedBy::Issuer)))
            }
            // Nothing was sent, so there is no charge, and nothing to reverse (T4).
            Reply::NotSent => Ok(refused(processing_error(), None)),
            Reply::Authentication(_) => unreachable!("an issuer answers an authorization"),
        }
    }

    /// The issuer said no: a soft decline on session is tried once more, with the customer.
    fn declined(&mut self, reply: &AuthorizationReply) -> Result<Verdict, Halt> {
        let network = self.inputs.facts().brand;
        let read = decline::answer(reply, network, initiator_of(self.inputs));
        self.declines.push(SeenDecline { code: reply.code.clone(), advice: reply.advice.clone() });
        if read.class != Retry::StepUp {
            return Ok(refused(read.decline, Some(FailedBy::Issuer)));
        }
        let par = self.inputs.method.card.par.clone();
        self.soft = Some(Soft { par, code: reply.code.clone() });
        if self.inputs.is_mit() || self.inputs.is_moto() {
            return Ok(refused(read.decline, Some(FailedBy::Issuer)));
        }
        if self.stepped_up {
            if self.proof.is_some() {
                // It has seen its customer, and asks again (7.1).
                self.warnings.push("issuer.anomaly".to_owned());
            }
            return Ok(self.anomaly());
        }
        self.finished.push(self.drafted(AttemptState::Done));
        self.fired("N4");
        self.step_up()
    }

    /// Asks the customer's bank because the issuer wants the customer.
    fn step_up(&mut self) -> Result<Verdict, Halt> {
        self.stepped_up = true;
        self.authenticate(ChallengeIndicator::Mandated)
    }

    /// The issuer wants the customer and can't be satisfied (7.1): no loop.
    fn anomaly(&self) -> Verdict {
        let code = self.soft.as_ref().map(|soft| soft.code.clone());
        let decline = Decline {
            network_decline_code: code.or_else(|| self.inputs.soft.clone()),
            ..decline::generic()
        };
        refused(decline, self.message.as_ref().map(|_| FailedBy::Issuer))
    }

    /// The customer did not prove to be there (F4, F6): no message, no charge.
    fn unauthenticated(&self) -> Verdict {
        let cause = if self.inputs.is_setup() {
            Cause::SetupAuthenticationFailed
        } else {
            Cause::PaymentAuthenticationFailed
        };
        Verdict::Refused { cause, by: None }
    }

    /// Names the attempt that a question belongs to.
    fn draft(&mut self) {
        let draft = self.drafted(AttemptState::Sent);
        self.case.attempt(draft);
    }

    fn drafted(&self, state: AttemptState) -> Attempt {
        Attempt {
            id: self.attempt,
            created: self.case.now(),
            subject: self.inputs.subject,
            payment_method: self.inputs.method.id,
            amount: Some(self.inputs.amount),
            state,
            trace: self.trace.clone(),
            warnings: self.warnings.clone(),
            charge: self.charge,
        }
    }

    fn end(mut self, verdict: Verdict) -> Outcome {
        let owes_reversal = self.silent && self.charge.is_some();
        let state = if owes_reversal { AttemptState::Reversing } else { AttemptState::Done };
        let mut last = self.drafted(state);
        let charge = self.charge.filter(|_| verdict.makes_charge());
        last.charge = charge;
        for attempt in &mut self.finished {
            attempt.charge = None;
        }
        self.finished.retain(|attempt| attempt.id != last.id);
        self.finished.push(last);
        Outcome {
            verdict,
            charge,
            proof: self.proof,
            message: self.message,
            unknown: self.silent,
            soft: self.soft,
            attempts: self.finished,
            declines: self.declines,
        }
    }
}

fn processing_error() -> Decline {
    decline::plain("processing_error", Some("processing_error"))
}

fn refused(decline: Decline, by: Option<FailedBy>) -> Verdict {
    Verdict::Refused { cause: Cause::Declined(decline), by }
}

/// A bank's answer; silence of the directory is an error of its own (`card-network.md` 4.6).
fn authentication(reply: Reply) -> AuthenticationReply {
    match reply {
        Reply::Authentication(reply) => reply,
        Reply::Silence | Reply::NotSent => AuthenticationReply {
            status: TransStatus::Error,
            ds_trans_id: String::new(),
            authentication_value: None,
            rules: Vec::new(),
        },
        Reply::Authorization(_) => unreachable!("a directory answers an authentication"),
    }
}
