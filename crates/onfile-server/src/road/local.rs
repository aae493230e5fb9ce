//! The simulated banks, asked on the spot: what they remember changes in the same commit.

use onfile_domain::case::Decision;
use onfile_domain::network::Question;
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
    let state = run.app.store.load_bank(run.world.id, &query).await?;
    let state = simulated::recall(&query, state, &run.bank);
    let mut entropy = Entropy {
        key: run.app.vault.mac("simulated banks", &run.world.id.0.to_be_bytes()),
        random: [0; 40],
        order: run.mint.first_seq(),
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
        let par = par(run, followup.method(), decision).await?;
        run.bank.extend(simulated::followup(&followup, &par));
    }
    Ok(())
}
