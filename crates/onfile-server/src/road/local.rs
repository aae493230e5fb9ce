//! The simulated banks, asked on the spot: what they remember changes in the same commit.

use onfile_domain::bank::{BankChange, BankQuery, BankState};
use onfile_domain::case::Decision;
use onfile_domain::network::{Followup, Question};
use onfile_network::simulated::{self, BankCard, Entropy};

use crate::road::{method_of, number, par};
use crate::settle::Run;
use crate::stop::Stop;

/// Asks the banks, and writes their answer into the dossier.
pub(crate) async fn ask(
    run: &mut Run<'_>,
    question: Question,
    so_far: Decision,
) -> Result<(), Stop> {
    let method = method_of(&question);
    let par = par(run, method, &so_far).await?;
    let query = simulated::query(&question, &par);
    let mut state = run.app.store.load_bank(run.world.id, &query).await?;
    for change in &run.bank {
        apply(&mut state, change, &query);
    }
    let mut entropy = Entropy {
        key: run.app.vault.mac("simulated banks", &run.world.id.0.to_be_bytes()),
        random: [0; 40],
    };
    run.app.surroundings.fill(&mut entropy.random);
    let (reply, changes) = {
        let number = number(run, method, &so_far).await?;
        let card = BankCard::new(number.pan(), &par);
        simulated::answer(&question, &card, &state, run.dossier.now, &entropy)
    };
    run.bank.extend(changes);
    run.dossier.add_reply(question, reply);
    Ok(())
}

/// Tells the banks what they can't refuse: in the same commit, so nothing is owed.
pub(crate) async fn tell(run: &mut Run<'_>, decision: &mut Decision) -> Result<(), Stop> {
    for followup in std::mem::take(&mut decision.followups) {
        let (Followup::Capture { method, .. } | Followup::Reverse { method, .. }) = followup;
        let par = par(run, method, decision).await?;
        run.bank.extend(simulated::followup(&followup, &par));
    }
    Ok(())
}

/// A bank's memory as it is with what an earlier question of the same call will change in it.
fn apply(state: &mut BankState, change: &BankChange, query: &BankQuery) {
    match change {
        BankChange::Spend { par, amount, .. } if *par == query.par => state.spent += amount,
        BankChange::Count { par, amount } if *par == query.par => {
            state.count_since_sca += 1;
            state.sum_since_sca += amount;
        }
        BankChange::ResetCounters { par } if *par == query.par => {
            state.count_since_sca = 0;
            state.sum_since_sca = 0;
        }
        BankChange::Remember(credential) if Some(&credential.nti) == query.original.as_ref() => {
            state.credential = Some(credential.clone());
        }
        BankChange::Issue(value)
            if Some(&value.value) == query.authentication_value.as_ref()
                || Some(&value.ds_trans_id) == query.ds_trans_id.as_ref() =>
        {
            state.value = Some(value.clone());
        }
        BankChange::Use { value } => {
            if let Some(held) = state.value.as_mut().filter(|held| held.value == *value) {
                held.used = true;
            }
        }
        BankChange::SetProfile { par, profile } if *par == query.par => {
            state.profile = profile.clone();
        }
        // What another account or another value is about.
        BankChange::Spend { .. }
        | BankChange::Count { .. }
        | BankChange::ResetCounters { .. }
        | BankChange::Remember(_)
        | BankChange::Issue(_)
        | BankChange::SetProfile { .. } => {}
    }
}
